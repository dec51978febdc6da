package io.sparkpeft.metrics;

import io.sparkpeft.train.RoundTally;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Examples, tokens and loss of a round on the page of its stage in Spark's user interface, task by task and together.
 * For those who watch only: a task that is done again may count twice, so nothing reads them back.
 */
public record RoundSums(LongAccumulator examples, LongAccumulator tokens, MeanLoss loss) implements Serializable {
    /** Sums that start from 0, for the tasks of one round. */
    public static RoundSums start(SparkContext context) {
        MeanLoss loss = new MeanLoss();
        context.register(loss, "loss");
        return new RoundSums(context.longAccumulator("examples"), context.longAccumulator("tokens"), loss);
    }

    /** A task has done its part of the round. */
    public void add(RoundTally tally) {
        examples.add(tally.examples());
        tokens.add(tally.units());
        loss.add(tally);
    }
}
