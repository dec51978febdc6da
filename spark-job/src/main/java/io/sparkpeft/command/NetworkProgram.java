package io.sparkpeft.command;

import io.sparkpeft.console.Console;
import io.sparkpeft.datasets.sample.SampleLayout;
import io.sparkpeft.failure.JobException;
import java.util.ServiceLoader;

/** Fine-tuning of networks that another library made and keeps in one zip; found on the class path, if it is there. */
public interface NetworkProgram extends FineTuning {
    String ENDING = ".zip";

    /** Writes a small trained network and data of another domain, to try things out on. */
    void sample(String directory, Console console);

    /** Where things lie in what {@link #sample} writes. */
    SampleLayout samples();

    /** Whether a model is such a network. */
    static boolean isNetwork(String modelPath) {
        return modelPath.endsWith(ENDING);
    }

    /**
     * The one that is on the class path.
     *
     * @param what cannot be done without it, for the message
     * @throws JobException if there is none
     */
    static NetworkProgram find(String what) {
        return ServiceLoader.load(NetworkProgram.class, NetworkProgram.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> JobException.config(
                        "Cannot %s: spark-peft-dl4j.jar is not on the class path; submit/submit.sh puts it there with WITH=dl4j"
                                .formatted(what)));
    }
}
