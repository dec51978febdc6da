package io.sparkpeft.console;

import java.time.Duration;
import java.util.Locale;

/**
 * One round of training as one line.
 *
 * @param label which training this is, such as the mode and the phase
 * @param round from 1
 * @param rounds number of them
 * @param loss mean over the round's targets, in nats
 * @param learningRate at the round's last step
 * @param tokensPerSecond of all shards together; 0 where examples have none
 * @param bytesOut to all workers
 * @param bytesIn from all workers
 * @param left time until the last round is done
 */
public record RoundLine(
        String label,
        int round,
        int rounds,
        double loss,
        double learningRate,
        double tokensPerSecond,
        long bytesOut,
        long bytesIn,
        Duration left) {

    public String text() {
        int width = Integer.toString(rounds).length();
        return String.format(
                Locale.ROOT,
                "%s round %" + width + "d/%d  loss %.4f  rate %.2e%s  out %s  in %s  left %s",
                label,
                round,
                rounds,
                loss,
                learningRate,
                tokensPerSecond > 0 ? "  %s tokens/s".formatted(Amounts.count(tokensPerSecond)) : "",
                Amounts.bytes(bytesOut),
                Amounts.bytes(bytesIn),
                Amounts.time(left));
    }
}
