package io.sparkpeft.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class OwnSessionTest {
    @Test
    void withoutAMasterNothingIsStarted() {
        assertThatThrownBy(() -> OwnSession.start("nothing"))
                .hasMessage(
                        "Cannot start Spark: there is no master (spark.master); start the program by submit/submit.sh or by spark-submit")
                .asInstanceOf(InstanceOfAssertFactories.type(JobException.class))
                .extracting(JobException::kind)
                .isEqualTo(FailureKind.CONFIG);
    }
}
