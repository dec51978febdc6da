package io.sparkpeft.spark.model;

import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.SparseDelta;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.store.file.Storage;
import org.apache.hadoop.conf.Configuration;

/** Reads and writes the files that model states consist of. */
public final class StateFiles {
    private StateFiles() {}

    public static ParameterMask readMask(Artefact file, ParameterLayout layout, Configuration configuration) {
        return DeltaCodec.decodeMask(read(file, configuration), layout, file.uri());
    }

    static TunedValues readTuned(Artefact file, ParameterLayout layout, Configuration configuration) {
        SparseDelta delta = DeltaCodec.decode(read(file, configuration), layout, file.uri());
        return new TunedValues(delta.index(), delta.values());
    }

    /** Writes a mask into a directory. */
    public static Artefact writeMask(Storage directory, String name, ParameterMask mask) {
        directory.replace(name, DeltaCodec.encode(mask));
        return new Artefact(directory.uri(name), mask.fingerprint());
    }

    /** Writes tuned values into a directory. */
    public static Artefact writeDelta(Storage directory, String name, SparseDelta delta) {
        byte[] file = DeltaCodec.encode(delta);
        directory.replace(name, file);
        return new Artefact(
                directory.uri(name),
                new io.sparkpeft.param.Fingerprint().add(file).hex());
    }

    private static byte[] read(Artefact file, Configuration configuration) {
        int slash = file.uri().lastIndexOf('/');
        return Storage.at(file.uri().substring(0, slash), configuration)
                .read(file.uri().substring(slash + 1));
    }
}
