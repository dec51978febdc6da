package io.sparkpeft.score;

import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.DeltaHeader;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.model.Objective;
import io.sparkpeft.param.Fingerprint;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelReference;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The files of an adapter: the tuned weights with their values, and beside them the prune mask that they belong to. */
public final class AdapterFiles {
    private final Storage directory;
    private final String name;
    private final byte[] content;
    private final DeltaHeader header;

    private AdapterFiles(Storage directory, String name, byte[] content, DeltaHeader header) {
        this.directory = directory;
        this.name = name;
        this.content = content;
        this.header = header;
    }

    /**
     * Reads what an adapter says of itself.
     *
     * @param uri the adapter's directory, or its file in it
     * @throws JobException if there is none
     * @throws io.sparkpeft.delta.DeltaFormatException if it is damaged
     */
    static AdapterFiles open(String uri, Configuration configuration) {
        Storage directory = Storage.at(uri, configuration);
        String name = RunDirectory.ADAPTER_FILE;
        if (!directory.exists(name)) {
            int slash = directory.uri().lastIndexOf('/');
            Storage parent = Storage.at(directory.uri().substring(0, slash), configuration);
            String file = directory.uri().substring(slash + 1);
            if (!parent.exists(file) || !directory.list().equals(List.of(file))) {
                throw JobException.input("Cannot read adapter %s: there is no %s in it".formatted(uri, name));
            }
            directory = parent;
            name = file;
        }
        byte[] content = directory.read(name);
        return new AdapterFiles(directory, name, content, DeltaCodec.header(content, directory.uri(name)));
    }

    String uri() {
        return directory.uri(name);
    }

    /** The class names that it was tuned for, in order; none for a language model. */
    List<String> labels() {
        String labels = header.metadata().getOrDefault("labels", "");
        return labels.isEmpty() ? List.of() : List.of(labels.split("\t"));
    }

    /** @throws JobException if the adapter was tuned for another kind of task */
    void requireTask(Objective task) {
        String tuned = header.metadata().getOrDefault("task", task.name());
        if (!tuned.equals(task.name())) {
            throw JobException.config(
                    "Cannot use adapter %s for %s: it was tuned for %s".formatted(uri(), task, tuned));
        }
    }

    /**
     * The base with the adapter on it.
     *
     * @param reference of the base, with its fingerprint
     * @throws JobException if its files do not belong together
     * @throws io.sparkpeft.delta.DeltaFormatException if it belongs to another base or is damaged
     */
    ModelState on(ModelReference reference, ParameterLayout layout) {
        SparseDelta delta = DeltaCodec.decode(content, layout, uri());
        delta.requireBase(reference.fingerprint(), uri());
        Artefact values = new Artefact(uri(), new Fingerprint().add(content).hex());
        return ModelState.of(reference).withPruneMask(pruneMask(layout)).withDelta(values);
    }

    private Artefact pruneMask(ParameterLayout layout) {
        String file = RunDirectory.PRUNE_MASK_FILE;
        if (!directory.exists(file)) {
            throw JobException.input(
                    "Cannot use adapter %s: its prune mask %s is missing".formatted(uri(), directory.uri(file)));
        }
        ParameterMask kept = DeltaCodec.decodeMask(directory.read(file), layout, directory.uri(file));
        String expected = header.metadata().getOrDefault("prune-mask", kept.fingerprint());
        if (!kept.fingerprint().equals(expected)) {
            throw JobException.input("Cannot use adapter %s: it was tuned under another prune mask than %s"
                    .formatted(uri(), directory.uri(file)));
        }
        return new Artefact(directory.uri(file), kept.fingerprint());
    }
}
