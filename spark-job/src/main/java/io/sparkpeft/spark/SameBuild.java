package io.sparkpeft.spark;

import io.sparkpeft.build.Digits;
import io.sparkpeft.build.ProgramBuild;
import io.sparkpeft.failure.FailureKind;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Objects;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;

/**
 * A function that refuses to be opened by another build of the program than the one that sent it. The build is read
 * before the function itself, whose classes may not be the same there.
 */
final class SameBuild<I, O> implements Function<I, O> {
    private static final long serialVersionUID = 1;

    private transient Function<I, O> function;

    SameBuild(Function<I, O> function) {
        this.function = function;
    }

    @Override
    public O call(I item) throws Exception {
        return function.call(item);
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.writeUTF(ProgramBuild.own().version());
        out.writeUTF(ProgramBuild.own().fingerprint());
        out.writeObject(function);
    }

    @SuppressWarnings("unchecked")
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        Digits.useLatin();
        ProgramBuild sender = new ProgramBuild(in.readUTF(), in.readUTF());
        if (!sender.equals(ProgramBuild.own())) {
            throw TaskFailure.sentence(
                    FailureKind.CONFIG,
                    "Cannot work on executor %s: it runs Spark PEFT %s, the driver runs %s; give both the same jar"
                            .formatted(executor(), ProgramBuild.own(), sender),
                    null);
        }
        function = (Function<I, O>) Objects.requireNonNull(in.readObject());
    }

    private static String executor() {
        SparkEnv spark = SparkEnv.get();
        return spark == null
                ? "unknown"
                : spark.executorId() + " at "
                        + spark.blockManager().blockManagerId().host();
    }
}
