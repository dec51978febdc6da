package io.sparkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramFaultTest {
    private static final String OWN_FRAME = "\n\tat io.sparkpeft.stage.train.TrainTask.run(TrainTask.java:80)";

    private static String aborted(String reason) {
        return "Job aborted due to stage failure: Task 1 in stage 3.0 failed 4 times, most recent failure: "
                + "Lost task 1.3 in stage 3.0 (TID 7) (10.0.0.1 executor 2): " + reason + "\n\nDriver stacktrace:"
                + "\n\tat java.io.IOException.none(X.java:1)";
    }

    @Test
    void isOneThatTheProgramThrew() {
        assertThat(ProgramFault.isToldBy(aborted("java.lang.NullPointerException" + OWN_FRAME)))
                .isTrue();
        assertThat(ProgramFault.isToldBy(aborted("java.lang.IllegalStateException: Cannot go on: x\nand y"
                        + "\n\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)" + OWN_FRAME
                        + "\nCaused by: java.lang.ArithmeticException: / by zero" + OWN_FRAME + "\n\t... 3 more")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.io.IOException: reset\n\tat io.sparkpeft.A.b(A.java:1)",
                "java.lang.IllegalStateException: x\n\tat io.sparkpeft.A.b(A.java:1)"
                        + "\nCaused by: java.net.SocketTimeoutException: Read timed out\n\tat java.base/java.net.X.y(X.java:1)",
                "java.lang.IllegalStateException: x\n\tat io.sparkpeft.A.b(A.java:1)"
                        + "\n\tSuppressed: java.lang.OutOfMemoryError: y\n\t\tat io.sparkpeft.A.b(A.java:1)",
                "java.lang.IllegalStateException: Connection pool shut down\n\tat org.apache.http.A.b(A.java:1)"
                        + "\n\tat io.sparkpeft.A.b(A.java:1)",
                "java.lang.NullPointerException",
                "ExecutorLostFailure (executor 2 exited caused by one of the running tasks) Reason: killed",
                "FetchFailed(BlockManagerId(2, host, 1, None), shuffleId=0, mapIndex=0, mapId=0, reduceId=0, message=\n"
                        + "org.apache.spark.shuffle.FetchFailedException\n\tat io.sparkpeft.A.b(A.java:1)",
                "TaskKilled (another attempt succeeded)",
            })
    void isNoneOfTheClusterOrTheStorage(String reason) {
        assertThat(ProgramFault.isToldBy(aborted(reason))).isFalse();
    }

    @Test
    void isNoneWhereSparkSaysNothingOfATask() {
        assertThat(ProgramFault.isToldBy("Job 3 cancelled because SparkContext was shut down"))
                .isFalse();
        assertThat(ProgramFault.isToldBy("Job aborted due to stage failure: ShuffleMapStage 1 has failed the maximum "
                        + "allowable number of times: 4. Most recent failure reason: java.lang.NullPointerException"
                        + OWN_FRAME))
                .isFalse();
    }
}
