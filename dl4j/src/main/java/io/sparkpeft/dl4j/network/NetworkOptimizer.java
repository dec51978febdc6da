package io.sparkpeft.dl4j.network;

import io.sparkpeft.optim.OptimizerSettings;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The updater that a network's configuration names, as the engine's optimiser of the k-vector. Whatever the engine would
 * do otherwise than DL4J is refused.
 *
 * @param settings of the engine's optimiser
 * @param updater DL4J's, for the learning rate
 */
public record NetworkOptimizer(OptimizerSettings settings, IUpdater updater) {
    /** Of updaters that divide by nothing. */
    private static final double EPSILON = 1e-8;

    /**
     * The updater of all weights that are not frozen.
     *
     * @throws IllegalArgumentException if layers differ in it, or ask for what there is not
     */
    public static NetworkOptimizer of(NetworkLayout layout) {
        IUpdater shared = null;
        String first = "";
        for (int t = 0; t < layout.layout().count(); t++) {
            if (!layout.isTrained(t)) {
                continue;
            }
            NetworkLayout.Entry entry = layout.entries().get(t);
            String name = layout.layout().tensor(t).name();
            check(entry, name);
            IUpdater updater = entry.part().trainable().getConfig().getUpdaterByParam(entry.key());
            if (shared == null) {
                shared = updater;
                first = name;
            } else if (!shared.equals(updater)) {
                throw new IllegalArgumentException(
                        "Cannot train: weights %s have updater %s, %s have %s".formatted(first, shared, name, updater));
            }
        }
        if (shared == null) {
            throw new IllegalArgumentException("Cannot train: all layers of the network are frozen");
        }
        return new NetworkOptimizer(settings(shared), shared);
    }

    private static OptimizerSettings settings(IUpdater updater) {
        if (updater instanceof Sgd) {
            return OptimizerSettings.sgd();
        }
        if (updater instanceof Adam adam) {
            return settings("adam", adam.getBeta1(), adam.getBeta2(), adam.getEpsilon());
        }
        if (updater instanceof Nadam nadam) {
            return settings("nadam", nadam.getBeta1(), nadam.getBeta2(), nadam.getEpsilon());
        }
        if (updater instanceof AdaMax adaMax) {
            return settings("adamax", adaMax.getBeta1(), adaMax.getBeta2(), adaMax.getEpsilon());
        }
        if (updater instanceof Nesterovs nesterovs && nesterovs.getMomentumISchedule() == null) {
            return settings("nesterov", nesterovs.getMomentum(), 0, EPSILON);
        }
        if (updater instanceof RmsProp rmsProp) {
            return settings("rmsprop", 0, rmsProp.getRmsDecay(), rmsProp.getEpsilon());
        }
        if (updater instanceof AdaGrad adaGrad) {
            return settings("adagrad", 0, 0, adaGrad.getEpsilon());
        }
        throw new IllegalArgumentException(
                "Cannot train with updater %s: there are Sgd, Nesterovs of one momentum, Adam, Nadam, AdaMax, RmsProp and AdaGrad"
                        .formatted(updater));
    }

    private static OptimizerSettings settings(String name, double beta1, double beta2, double epsilon) {
        return new OptimizerSettings(name, beta1, beta2, epsilon, 0);
    }

    private static void check(NetworkLayout.Entry entry, String name) {
        Trainable trainable = entry.part().trainable();
        GradientNormalization normalization = trainable.getConfig().getGradientNormalization();
        if (normalization != null && normalization != GradientNormalization.None) {
            throw new IllegalArgumentException(
                    "Cannot train weights %s with gradient normalisation %s: use clipNorm of the training master"
                            .formatted(name, normalization.name()));
        }
        if (entry.regularizations().stream().anyMatch(r -> r.applyStep() == Regularization.ApplyStep.POST_UPDATER)) {
            throw new IllegalArgumentException(
                    "Cannot train weights %s with weight decay: use L2 regularisation".formatted(name));
        }
        entry.part().layer().ifPresent(layer -> {
            List<?> constraints = layer.conf().getLayer().getConstraints();
            if (constraints != null && !constraints.isEmpty()) {
                throw new IllegalArgumentException("Cannot train weights %s under constraints: %s"
                        .formatted(name, constraints.toString().toLowerCase(Locale.ROOT)));
            }
            if (!layer.conf().isMiniBatch()) {
                throw new IllegalArgumentException(
                        "Cannot train weights %s on summed losses: leave miniBatch(true)".formatted(name));
            }
        });
    }

    /** The learning rate of an iteration. */
    public double rate(int iteration, int epoch) {
        return updater.getLearningRate(iteration, epoch);
    }
}
