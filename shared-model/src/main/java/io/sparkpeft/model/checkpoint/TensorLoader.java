package io.sparkpeft.model.checkpoint;

import io.sparkpeft.model.architecture.ModelDefinition;
import io.sparkpeft.model.safetensors.CheckpointException;
import io.sparkpeft.model.safetensors.CheckpointFiles;
import io.sparkpeft.model.safetensors.SafeTensorsReader;
import io.sparkpeft.model.safetensors.ShardIndex;
import io.sparkpeft.model.safetensors.TensorEntry;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Matches the tensors of a checkpoint with those of a model and reads them. */
final class TensorLoader {
    private final CheckpointFiles files;
    private final ShardIndex index;
    private final StoredTensors stored;
    private final ModelDefinition definition;
    private final List<String> initialised = new ArrayList<>();

    TensorLoader(CheckpointFiles files, ShardIndex index, StoredTensors stored, ModelDefinition definition) {
        this.files = files;
        this.index = index;
        this.stored = stored;
        this.definition = definition;
    }

    /** Checks all that can be checked without reading tensors. */
    void check() throws CheckpointException {
        match();
        checkNoneLeft();
    }

    /** Reads all tensors, in the order of the files, and draws those that the checkpoint lacks. */
    void read(long seed, WeightTarget target) throws IOException {
        Map<String, Integer> wanted = match();
        checkNoneLeft();
        for (String file : index.files()) {
            SafeTensorsReader.readPieces(
                    files,
                    file,
                    entry -> wanted.containsKey(entry.name()),
                    (entry, from, count, values) -> target.write(wanted.get(entry.name()), from, count, values));
        }
        RandomWeights random = new RandomWeights(definition, seed);
        for (String name : initialised) {
            int tensor = definition.layout().indexOf(name);
            random.forEachPiece(tensor, (from, count, values) -> target.write(tensor, from, count, values));
        }
    }

    LoadReport report() {
        List<String> ignored = stored.names().stream()
                .filter(name -> !definition.layout().contains(name) || initialised.contains(name))
                .toList();
        return new LoadReport(initialised, ignored);
    }

    /** Tensors of the layout by their names in the files; notes those to initialise. */
    private Map<String, Integer> match() throws CheckpointException {
        initialised.clear();
        Map<String, Integer> wanted = new HashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        boolean newHead = isHeadIncomplete();
        List<TensorSpec> tensors = definition.layout().tensors();
        for (int t = 0; t < tensors.size(); t++) {
            TensorSpec spec = tensors.get(t);
            Optional<String> name = stored.stored(spec.name());
            if (spec.role() == TensorRole.HEAD && newHead) {
                initialised.add(spec.name());
            } else if (name.isEmpty()) {
                missing.add(spec.name());
            } else {
                TensorEntry entry = stored.entry(name.get());
                if (!entry.hasShape(spec.shape())) {
                    misshapen.add("%s has shape %s, the configuration says %s"
                            .formatted(entry.name(), entry.shape(), Arrays.toString(spec.shape())));
                }
                wanted.put(name.get(), t);
            }
        }
        if (!missing.isEmpty()) {
            throw new CheckpointException("Cannot load %s for %s: %s missing: %s"
                    .formatted(location(), definition.task().objective(), tensorsAre(missing), listed(missing)));
        }
        if (!misshapen.isEmpty()) {
            throw new CheckpointException("Cannot load %s: tensor %s".formatted(location(), listed(misshapen)));
        }
        return wanted;
    }

    /** Whether any tensor of the task head is absent or has another shape: then the whole head is new. */
    private boolean isHeadIncomplete() {
        for (TensorSpec spec : definition.layout().tensors()) {
            if (spec.role() == TensorRole.HEAD) {
                Optional<String> name = stored.stored(spec.name());
                if (name.isEmpty() || !stored.entry(name.get()).hasShape(spec.shape())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Refuses tensors inside the body that the configuration does not explain; heads of other tasks are ignored. */
    private void checkNoneLeft() throws CheckpointException {
        String body = definition.family().names().prefix();
        List<String> extra = stored.names().stream()
                .filter(name -> name.startsWith(body))
                .filter(name -> !definition.layout().contains(name))
                .toList();
        if (!extra.isEmpty()) {
            throw new CheckpointException("Cannot load %s: the configuration does not explain %d %s: %s"
                    .formatted(location(), extra.size(), extra.size() == 1 ? "tensor" : "tensors", listed(extra)));
        }
    }

    private String location() {
        return files.location("model.safetensors");
    }

    private static String tensorsAre(List<String> names) {
        return names.size() == 1 ? "a tensor is" : names.size() + " tensors are";
    }

    private static String listed(List<String> names) {
        int shown = Math.min(names.size(), 5);
        String more = names.size() > shown ? " and %d more".formatted(names.size() - shown) : "";
        return String.join(", ", names.subList(0, shown)) + more;
    }
}
