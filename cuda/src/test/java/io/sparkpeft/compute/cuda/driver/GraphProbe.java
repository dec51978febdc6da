package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.cuda.graph.GraphPolicy;
import io.sparkpeft.compute.cuda.graph.GraphRound;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.transformer.fixture.TinyModel;
import io.sparkpeft.train.LocalUpdate;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rounds on a GPU, alone and several at once in one context, with graphs and without; prints how many had other bits. */
final class GraphProbe {
    private static final TinyModel MODEL = new TinyModel("llama", Objective.CAUSAL_LM);

    private GraphProbe() {}

    public static void main(String[] arguments) throws Exception {
        int threads = Integer.parseInt(arguments[0]);
        System.setProperty(GraphPolicy.PROPERTY, "false");
        LocalUpdate expected = round();
        System.setProperty(GraphPolicy.PROPERTY, "true");
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Callable<LocalUpdate> round = GraphProbe::round;
        int others = 0;
        for (Future<LocalUpdate> found : pool.invokeAll(Collections.nCopies(threads, round))) {
            others += Arrays.equals(found.get().values(), expected.values())
                            && found.get().tally().equals(expected.tally())
                    ? 0
                    : 1;
        }
        pool.shutdown();
        System.out.printf("rounds %d of other bits %d%n", threads, others);
    }

    private static LocalUpdate round() {
        return GraphRound.run(MODEL, BackendProvider.create("cuda"));
    }
}
