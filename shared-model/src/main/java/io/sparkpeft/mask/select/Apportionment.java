package io.sparkpeft.mask.select;

import io.sparkpeft.mask.SelectionTask;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Splits a budget in whole numbers that add up exactly: each tensor gets λ times its candidates, within its guards, λ
 * being such that the sum is the budget; the largest remainders are rounded up, equal ones in layout order (Hamilton's
 * method).
 */
final class Apportionment {
    private static final int HALVINGS = 200;

    private final SelectionTask task;
    private final int count;

    private Apportionment(SelectionTask task) {
        this.task = task;
        this.count = task.candidates().layout().count();
    }

    /** Weights to choose of every tensor. */
    static long[] byTensor(SelectionTask task) {
        return new Apportionment(task).split();
    }

    private long[] split() {
        double rate = rate();
        long[] quotas = new long[count];
        double[] remainders = new double[count];
        long left = task.keep();
        for (int t = 0; t < count; t++) {
            double share = share(t, rate);
            quotas[t] = (long) Math.floor(share);
            remainders[t] = share - quotas[t];
            left -= quotas[t];
        }
        int[] order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer t) -> -remainders[t]))
                .mapToInt(Integer::intValue)
                .toArray();
        while (left != 0) {
            left = spread(quotas, order, left);
        }
        return quotas;
    }

    /** Rounding left a few over, or, where λ·candidates is all but whole, took one too many. */
    private long spread(long[] quotas, int[] order, long left) {
        long rest = left;
        for (int i = 0; i < count && rest != 0; i++) {
            int t = rest > 0 ? order[i] : order[count - 1 - i];
            if (rest > 0 && quotas[t] < task.most(t)) {
                quotas[t]++;
                rest--;
            } else if (rest < 0 && quotas[t] > task.least(t)) {
                quotas[t]--;
                rest++;
            }
        }
        return rest;
    }

    private double rate() {
        double low = 0;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            double sum =
                    IntStream.range(0, count).mapToDouble(t -> share(t, middle)).sum();
            if (sum < task.keep()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double share(int tensor, double rate) {
        double share = rate * task.candidates().count(tensor);
        return Math.min(task.most(tensor), Math.max(task.least(tensor), share));
    }
}
