package io.sparkpeft.train;

/** A loss or a gradient is not a number any more; thrown before the update that it would have spoiled. */
public final class NonFiniteLossException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long step;
    private final double loss;

    NonFiniteLossException(long step, double loss, double gradientNorm) {
        super("Cannot go on at local step %d: mean loss %s, gradient norm %s".formatted(step, loss, gradientNorm));
        this.step = step;
        this.loss = loss;
    }

    /** Local step since the start of the phase. */
    public long step() {
        return step;
    }

    /** Mean loss of the step. */
    public double loss() {
        return loss;
    }
}
