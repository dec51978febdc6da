package io.sparkpeft.run;

import io.sparkpeft.config.choice.TrainMode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a round came to.
 *
 * @param mode how weights were chosen
 * @param phase number of the phase
 * @param round number of the round in the phase
 * @param rounds of the phase
 * @param loss mean loss of the round's targets before each update, in nats
 * @param learningRate at the round's last step
 * @param examples trained on
 * @param tokens trained on
 * @param seconds that the round took
 * @param bytesDown that each executor fetched: the broadcast values, as Spark stored them
 * @param bytesUp that each shard sent: its serialised task result, as Spark measured it, the mean over shards
 */
public record RoundReport(
        TrainMode mode,
        int phase,
        int round,
        int rounds,
        double loss,
        double learningRate,
        long examples,
        long tokens,
        double seconds,
        long bytesDown,
        long bytesUp) {

    /** The line of {@code metrics.jsonl}. */
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("kind", "round");
        values.put("mode", mode.key());
        values.put("phase", phase);
        values.put("round", round);
        values.put("loss", loss);
        values.put("learning-rate", learningRate);
        values.put("examples", examples);
        values.put("tokens", tokens);
        values.put("seconds", seconds);
        values.put("bytes-down", bytesDown);
        values.put("bytes-up", bytesUp);
        return values;
    }
}
