package io.sparkpeft.dl4j.finetune;

import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.util.ModelSerializer;

/** A network as DL4J's ModelSerializer keeps it. */
final class NetworkZip {
    private static final String CONFIGURATION = "configuration.json";
    private static final String WEIGHTS = "coefficients.bin";
    private static final String NORMALIZER = "normalizer.bin";

    private final byte[] content;
    private final String place;
    private final boolean graph;

    private NetworkZip(byte[] content, String place, boolean graph) {
        this.content = content;
        this.place = place;
        this.graph = graph;
    }

    /** @throws JobException if there is no such file, or it is none that ModelSerializer wrote */
    static NetworkZip open(String location, Configuration configuration) {
        Path path = new Path(Storage.at(location, configuration).uri());
        byte[] content =
                Storage.at(String.valueOf(path.getParent()), configuration).read(path.getName());
        Map<String, byte[]> entries = entries(content, location);
        for (String name : new String[] {CONFIGURATION, WEIGHTS}) {
            if (!entries.containsKey(name)) {
                throw JobException.input(
                        "Cannot read %s: it is no network that DL4J's ModelSerializer wrote (it has no entry %s)"
                                .formatted(location, name));
            }
        }
        if (entries.containsKey(NORMALIZER)) {
            throw JobException.input(
                    "Cannot read %s: it has a normalizer (entry %s); normalise the data and write the network without it"
                            .formatted(location, NORMALIZER));
        }
        String json = new String(entries.get(CONFIGURATION), java.nio.charset.StandardCharsets.UTF_8);
        return new NetworkZip(content, location, json.contains("\"vertices\""));
    }

    private static Map<String, byte[]> entries(byte[] content, String location) {
        Map<String, byte[]> entries = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(content))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                boolean read = entry.getName().equals(CONFIGURATION);
                entries.put(entry.getName(), read ? zip.readAllBytes() : new byte[0]);
            }
        } catch (IOException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot read %s: the zip is damaged (%s)".formatted(location, e.getMessage()),
                    e);
        }
        return entries;
    }

    /** A network of its own. */
    Network network() {
        ByteArrayInputStream in = new ByteArrayInputStream(content);
        try {
            return graph
                    ? Network.of(ModelSerializer.restoreComputationGraph(in, false))
                    : Network.of(ModelSerializer.restoreMultiLayerNetwork(in, false));
        } catch (IOException | RuntimeException e) {
            throw new JobException(
                    FailureKind.INPUT, "Cannot read %s: DL4J says %s".formatted(place, e.getMessage()), e);
        }
    }

    /** A network as bytes of a zip, without the state of its updater. */
    static byte[] bytes(Network network) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network.model(), out, false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a network: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }
}
