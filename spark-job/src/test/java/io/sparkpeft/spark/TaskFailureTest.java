package io.sparkpeft.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import org.junit.jupiter.api.Test;

class TaskFailureTest {
    @Test
    void findsTheSentenceInAStackTrace() {
        RuntimeException thrown = TaskFailure.sentence(FailureKind.CONFIG, "Cannot finish [round 3]:\n NaN", null);
        RuntimeException seen = new RuntimeException(new IllegalStateException(
                "Job aborted: Lost task 0.3: java.lang.IllegalStateException: " + thrown.getMessage() + "\n\tat x.Y"));

        assertThat(TaskFailure.unwrap(seen))
                .isInstanceOf(JobException.class)
                .hasMessage("Cannot finish [round 3]:\n NaN")
                .extracting(e -> ((JobException) e).kind())
                .isEqualTo(FailureKind.CONFIG);
    }

    @Test
    void leavesOtherFailuresAlone() {
        RuntimeException other = new RuntimeException("lost executor 1");

        assertThat(TaskFailure.unwrap(other)).isSameAs(other);
    }
}
