package io.sparkpeft.compute.cpu.plain;

import io.sparkpeft.compute.cpu.kernel.CpuTensor;

/** Layer and root-mean-square normalisation in plain loops, sums in double. */
final class PlainNorms {
    private PlainNorms() {}

    static void layerNorm(
            CpuTensor input, CpuTensor weight, CpuTensor bias, float epsilon, CpuTensor statistics, CpuTensor output) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            double sum = 0;
            for (int c = 0; c < n; c++) {
                sum += input.value(r, c);
            }
            float mean = (float) (sum / n);
            float scale = scale(input, r, mean, epsilon);
            statistics.set(r, 0, mean);
            statistics.set(r, 1, scale);
            for (int c = 0; c < n; c++) {
                output.set(r, c, (input.value(r, c) - mean) * scale * weight.value(0, c) + bias.value(0, c));
            }
        }
    }

    static void rmsNorm(CpuTensor input, CpuTensor weight, float epsilon, CpuTensor statistics, CpuTensor output) {
        for (int r = 0; r < input.rows(); r++) {
            float scale = scale(input, r, 0f, epsilon);
            statistics.set(r, 0, scale);
            for (int c = 0; c < input.columns(); c++) {
                output.set(r, c, input.value(r, c) * scale * weight.value(0, c));
            }
        }
    }

    /** dx = scale·(g − mean(g) − x̂·mean(g·x̂)) with g = dy·weight; no mean(g) where statistics hold no mean. */
    static void backward(
            CpuTensor input,
            CpuTensor weight,
            CpuTensor statistics,
            CpuTensor outputGradient,
            CpuTensor inputGradient) {
        boolean centred = statistics.columns() == 2;
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            float mean = centred ? statistics.value(r, 0) : 0f;
            float scale = statistics.value(r, centred ? 1 : 0);
            double sum = 0;
            double dot = 0;
            for (int c = 0; c < n; c++) {
                double g = (double) outputGradient.value(r, c) * weight.value(0, c);
                sum += g;
                dot += g * (input.value(r, c) - mean) * scale;
            }
            float meanGradient = centred ? (float) (sum / n) : 0f;
            float meanDot = (float) (dot / n);
            for (int c = 0; c < n; c++) {
                float g = outputGradient.value(r, c) * weight.value(0, c);
                float normalised = (input.value(r, c) - mean) * scale;
                inputGradient.set(r, c, scale * (g - meanGradient - normalised * meanDot));
            }
        }
    }

    static void weightGradient(
            CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient) {
        boolean centred = statistics.columns() == 2;
        for (int c = 0; c < input.columns(); c++) {
            double sum = 0;
            for (int r = 0; r < input.rows(); r++) {
                float mean = centred ? statistics.value(r, 0) : 0f;
                float scale = statistics.value(r, centred ? 1 : 0);
                sum += (double) outputGradient.value(r, c) * ((input.value(r, c) - mean) * scale);
            }
            weightGradient.set(0, c, (float) sum);
        }
    }

    private static float scale(CpuTensor input, int r, float mean, float epsilon) {
        double squares = 0;
        for (int c = 0; c < input.columns(); c++) {
            double difference = (double) input.value(r, c) - mean;
            squares += difference * difference;
        }
        return (float) (1 / Math.sqrt(squares / input.columns() + epsilon));
    }
}
