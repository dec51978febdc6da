package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.delta.ValueType;
import io.sparkpeft.dl4j.network.FlatWeights;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.network.NetworkLayout;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.run.Exported;
import io.sparkpeft.stage.export.TensorCounts;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the network as a zip that stock DL4J loads, and the adapter: prune mask and tuned weights, running statistics
 * among them, from which the base zip becomes the network again. Checked before, bit by bit.
 */
final class NetworkExport {
    /** In the run directory: the tuned network. */
    static final String MODEL = "network.zip";

    private final RunDirectory directory;
    private final NetworkZip base;
    private final Masks masks;

    NetworkExport(RunDirectory directory, NetworkZip base, Masks masks) {
        this.directory = directory;
        this.base = base;
        this.masks = masks;
    }

    /** @param isResult whether the files are written, or only their sizes wanted */
    Exported export(Network tuned, Recipe recipe, List<String> labels, boolean isResult) {
        masks.require(base.network(), tuned);
        ParameterLayout layout = masks.kept().layout();
        SparseDelta delta = delta(tuned, metadata(recipe, labels));
        byte[] adapter = DeltaCodec.encode(delta);
        byte[] zip = isResult ? NetworkZip.bytes(tuned) : new byte[0];
        if (isResult) {
            directory.requireOwnership();
            Storage files = directory.storage().directory(RunDirectory.ADAPTER);
            files.replace(RunDirectory.PRUNE_MASK_FILE, DeltaCodec.encode(masks.kept()));
            files.replace(RunDirectory.ADAPTER_FILE, adapter);
            directory.writeTensors(TensorCounts.of(masks.kept(), masks.tuned()));
            directory.storage().directory(RunDirectory.MODEL).replace(MODEL, zip);
        }
        long body = layout.size(TensorRole.BODY);
        return new Exported(
                layout.size(),
                body,
                body - masks.kept().count(TensorRole.BODY),
                delta.index().size(),
                masks.tuned().count(TensorRole.BODY),
                zip.length,
                adapter.length,
                new Fingerprint().add(adapter).hex());
    }

    private SparseDelta delta(Network tuned, Map<String, String> metadata) {
        NetworkLayout network = NetworkLayout.of(tuned, List.of());
        MaskIndex index = new MaskIndex(masks.tuned().union(network.statistics()));
        Parameters start = FlatWeights.split(network.layout(), base.network().weights());
        String fingerprint = start.fingerprint();
        Parameters after = FlatWeights.split(network.layout(), tuned.weights());
        SparseDelta delta = SparseDelta.of(fingerprint, index, index.gather(after), ValueType.F32, metadata);
        masks.kept().zeroOutside(start);
        delta.apply(start);
        if (!start.fingerprint().equals(after.fingerprint())) {
            throw new IllegalStateException("Cannot export: base and adapter do not give the network's bits");
        }
        return delta;
    }

    private Map<String, String> metadata(Recipe recipe, List<String> labels) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("name", recipe.name());
        metadata.put("prune-mask", masks.kept().fingerprint());
        metadata.put("sparsity", Double.toString(1 - masks.kept().density()));
        metadata.put("density", Double.toString(masks.tuned().density()));
        metadata.put("task", recipe.task().type().name());
        metadata.put("labels", String.join("\t", labels));
        return metadata;
    }
}
