package io.sparkpeft.dl4j.round;

import io.sparkpeft.round.AveragedRound;
import io.sparkpeft.round.RoundPlan;
import io.sparkpeft.train.RoundTally;

/**
 * What a round of a call of fit came to.
 *
 * @param round which it was
 * @param rounds of the call
 * @param tally what went in
 * @param rate its learning rate
 * @param seconds that it took
 * @param bytes that it moved
 */
public record RoundDone(
        RoundPlan round, int rounds, RoundTally tally, double rate, double seconds, AveragedRound.Bytes bytes) {}
