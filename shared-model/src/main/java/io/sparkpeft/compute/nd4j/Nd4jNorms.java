package io.sparkpeft.compute.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Both normalisations, in double precision, rounded at the end. */
final class Nd4jNorms {
    private Nd4jNorms() {}

    static void layerNorm(
            Nd4jTensor input,
            Nd4jTensor weight,
            Nd4jTensor bias,
            float epsilon,
            Nd4jTensor statistics,
            Nd4jTensor output) {
        if (input.isEmpty()) {
            return;
        }
        INDArray x = input.doubles();
        INDArray mean = x.mean(true, 1);
        x.subiColumnVector(mean);
        INDArray scale = scale(x, epsilon);
        column(statistics, 0).assign(mean);
        column(statistics, 1).assign(scale);
        x.muliColumnVector(scale).muliRowVector(weight.doubles()).addiRowVector(bias.doubles());
        output.assign(x);
    }

    static void rmsNorm(Nd4jTensor input, Nd4jTensor weight, float epsilon, Nd4jTensor statistics, Nd4jTensor output) {
        if (input.isEmpty()) {
            return;
        }
        INDArray x = input.doubles();
        INDArray scale = scale(x, epsilon);
        statistics.assign(scale);
        output.assign(x.muliColumnVector(scale).muliRowVector(weight.doubles()));
    }

    /** dx = scale·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·weight; no mean(g) where statistics hold no mean. */
    static void backward(
            Nd4jTensor input,
            Nd4jTensor weight,
            Nd4jTensor statistics,
            Nd4jTensor outputGradient,
            Nd4jTensor inputGradient) {
        if (input.isEmpty()) {
            return;
        }
        INDArray normalised = normalised(input, statistics);
        INDArray g = outputGradient.doubles().muliRowVector(weight.doubles());
        INDArray dot = g.mul(normalised).mean(true, 1);
        if (statistics.columns() == 2) {
            g.subiColumnVector(g.mean(true, 1));
        }
        g.subi(normalised.muliColumnVector(dot));
        inputGradient.assign(g.muliColumnVector(scaleOf(statistics)));
    }

    static void weightGradient(
            Nd4jTensor input, Nd4jTensor statistics, Nd4jTensor outputGradient, Nd4jTensor weightGradient) {
        if (input.isEmpty()) {
            Nd4jTransfers.fill(weightGradient, 0f);
        } else {
            INDArray products = normalised(input, statistics).muli(outputGradient.doubles());
            weightGradient.assign(products.sum(true, 0));
        }
    }

    private static INDArray normalised(Nd4jTensor input, Nd4jTensor statistics) {
        INDArray x = input.doubles();
        if (statistics.columns() == 2) {
            x.subiColumnVector(column(statistics, 0).doubles());
        }
        return x.muliColumnVector(scaleOf(statistics));
    }

    private static INDArray scaleOf(Nd4jTensor statistics) {
        return column(statistics, statistics.columns() - 1).doubles();
    }

    /** 1/√(mean(x²) + epsilon) for every row. */
    private static INDArray scale(INDArray x, double epsilon) {
        return Transforms.sqrt(x.mul(x).mean(true, 1).addi(epsilon), false).rdivi(1);
    }

    private static Nd4jTensor column(Nd4jTensor tensor, int column) {
        return tensor.view(0, column, tensor.rows(), 1);
    }
}
