package io.sparkpeft.compute.reference;

/** Layer normalisation (Ba et al. 2016) and root-mean-square normalisation (Zhang and Sennrich 2019). */
final class ReferenceNorms {
    private ReferenceNorms() {}

    static void layerNorm(
            ReferenceTensor input,
            ReferenceTensor weight,
            ReferenceTensor bias,
            double epsilon,
            ReferenceTensor statistics,
            ReferenceTensor output) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            double sum = 0;
            for (int c = 0; c < n; c++) {
                sum += input.get(r, c);
            }
            double mean = sum / n;
            double squares = 0;
            for (int c = 0; c < n; c++) {
                double difference = input.get(r, c) - mean;
                squares += difference * difference;
            }
            double scale = 1 / Math.sqrt(squares / n + epsilon);
            statistics.set(r, 0, mean);
            statistics.set(r, 1, scale);
            for (int c = 0; c < n; c++) {
                output.set(r, c, (input.get(r, c) - mean) * scale * weight.get(0, c) + bias.get(0, c));
            }
        }
    }

    static void layerNormBackward(
            ReferenceTensor input,
            ReferenceTensor weight,
            ReferenceTensor statistics,
            ReferenceTensor outputGradient,
            ReferenceTensor inputGradient) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            double mean = statistics.get(r, 0);
            double scale = statistics.get(r, 1);
            double sum = 0;
            double dot = 0;
            for (int c = 0; c < n; c++) {
                double g = outputGradient.get(r, c) * weight.get(0, c);
                sum += g;
                dot += g * (input.get(r, c) - mean) * scale;
            }
            for (int c = 0; c < n; c++) {
                double g = outputGradient.get(r, c) * weight.get(0, c);
                double normalised = (input.get(r, c) - mean) * scale;
                inputGradient.set(r, c, scale * (g - sum / n - normalised * dot / n));
            }
        }
    }

    static void rmsNorm(
            ReferenceTensor input,
            ReferenceTensor weight,
            double epsilon,
            ReferenceTensor statistics,
            ReferenceTensor output) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            double squares = 0;
            for (int c = 0; c < n; c++) {
                squares += input.get(r, c) * input.get(r, c);
            }
            double scale = 1 / Math.sqrt(squares / n + epsilon);
            statistics.set(r, 0, scale);
            for (int c = 0; c < n; c++) {
                output.set(r, c, input.get(r, c) * scale * weight.get(0, c));
            }
        }
    }

    static void rmsNormBackward(
            ReferenceTensor input,
            ReferenceTensor weight,
            ReferenceTensor statistics,
            ReferenceTensor outputGradient,
            ReferenceTensor inputGradient) {
        int n = input.columns();
        for (int r = 0; r < input.rows(); r++) {
            double scale = statistics.get(r, 0);
            double dot = 0;
            for (int c = 0; c < n; c++) {
                dot += outputGradient.get(r, c) * weight.get(0, c) * input.get(r, c) * scale;
            }
            for (int c = 0; c < n; c++) {
                double g = outputGradient.get(r, c) * weight.get(0, c);
                inputGradient.set(r, c, scale * (g - input.get(r, c) * scale * dot / n));
            }
        }
    }

    /**
     * Σ_rows outputGradient·(x − mean)·scale, for statistics of one column (scale alone, mean 0) or two (mean and
     * scale).
     */
    static void weightGradient(
            ReferenceTensor input,
            ReferenceTensor statistics,
            ReferenceTensor outputGradient,
            ReferenceTensor weightGradient) {
        boolean centred = statistics.columns() == 2;
        for (int c = 0; c < input.columns(); c++) {
            double sum = 0;
            for (int r = 0; r < input.rows(); r++) {
                double mean = centred ? statistics.get(r, 0) : 0;
                double scale = statistics.get(r, centred ? 1 : 0);
                sum += outputGradient.get(r, c) * (input.get(r, c) - mean) * scale;
            }
            weightGradient.set(0, c, sum);
        }
    }
}
