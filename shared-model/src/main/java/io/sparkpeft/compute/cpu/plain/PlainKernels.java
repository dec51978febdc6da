package io.sparkpeft.compute.cpu.plain;

import io.sparkpeft.compute.Halves;
import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.argument.Entries;
import io.sparkpeft.compute.cpu.kernel.CpuTensor;
import io.sparkpeft.compute.cpu.kernel.Kernels;
import io.sparkpeft.compute.cpu.kernel.Panel;
import io.sparkpeft.compute.cpu.kernel.ScoreBlock;

/** The loops in plain Java, for JVMs without the Vector API. */
public final class PlainKernels implements Kernels {
    @Override
    public String description() {
        return "plain loops";
    }

    @Override
    public void fill(CpuTensor target, float value) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, value);
            }
        }
    }

    @Override
    public void expand(CpuTensor packed, CpuTensor target) {
        int width = packed.columns();
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < width; c++) {
                target.set(r, c, Halves.upper(packed.value(r, c)));
            }
            for (int c = width; c < target.columns(); c++) {
                target.set(r, c, Halves.lower(packed.value(r, c - width)));
            }
        }
    }

    @Override
    public void add(float alpha, CpuTensor source, CpuTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, target.value(r, c) + alpha * source.value(r, c));
            }
        }
    }

    @Override
    public void addRow(CpuTensor source, int row, CpuTensor target, int targetRow) {
        for (int c = 0; c < source.columns(); c++) {
            target.set(targetRow, c, target.value(targetRow, c) + source.value(row, c));
        }
    }

    @Override
    public void addSquaredRow(CpuTensor source, int row, CpuTensor target, int targetRow) {
        for (int c = 0; c < source.columns(); c++) {
            float x = source.value(row, c);
            target.set(targetRow, c, target.value(targetRow, c) + x * x);
        }
    }

    @Override
    public void fillRows(CpuTensor row, CpuTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, row.value(0, c));
            }
        }
    }

    @Override
    public void addBias(CpuTensor bias, CpuTensor source, CpuTensor output) {
        for (int r = 0; r < source.rows(); r++) {
            for (int c = 0; c < source.columns(); c++) {
                output.set(r, c, source.value(r, c) + bias.value(0, c));
            }
        }
    }

    @Override
    public void sumRows(CpuTensor source, CpuTensor target) {
        for (int c = 0; c < source.columns(); c++) {
            double sum = 0;
            for (int r = 0; r < source.rows(); r++) {
                sum += source.value(r, c);
            }
            target.set(0, c, (float) sum);
        }
    }

    @Override
    public void addSquares(CpuTensor source, CpuTensor target) {
        for (int r = 0; r < source.rows(); r++) {
            for (int c = 0; c < source.columns(); c++) {
                float x = source.value(r, c);
                target.set(r, c, target.value(r, c) + x * x);
            }
        }
    }

    @Override
    public void addColumnSquares(CpuTensor source, CpuTensor target) {
        for (int c = 0; c < source.columns(); c++) {
            double sum = target.value(0, c);
            for (int r = 0; r < source.rows(); r++) {
                double x = source.value(r, c);
                sum += x * x;
            }
            target.set(0, c, (float) sum);
        }
    }

    @Override
    public double sumOfSquares(float[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    @Override
    public void addAll(CpuTensor source, float[] target, int offset) {
        int place = offset;
        for (int r = 0; r < source.rows(); r++) {
            for (int c = 0; c < source.columns(); c++) {
                target[place++] += source.value(r, c);
            }
        }
    }

    @Override
    public void activate(Activation activation, CpuTensor input, CpuTensor output) {
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                output.set(r, c, PlainMath.value(activation, input.value(r, c)));
            }
        }
    }

    @Override
    public void activateForTraining(Activation activation, CpuTensor inputThenDerivative, CpuTensor output) {
        for (int r = 0; r < output.rows(); r++) {
            for (int c = 0; c < output.columns(); c++) {
                float x = inputThenDerivative.value(r, c);
                output.set(r, c, PlainMath.value(activation, x));
                inputThenDerivative.set(r, c, PlainMath.derivative(activation, x));
            }
        }
    }

    @Override
    public void multiply(CpuTensor factor, CpuTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, factor.value(r, c) * target.value(r, c));
            }
        }
    }

    @Override
    public void transpose(CpuTensor source, Panel panel) {
        for (int c = 0; c < source.columns(); c++) {
            for (int r = 0; r < panel.length(); r++) {
                panel.values()[c * Panel.STRIDE + r] = r < source.rows() ? source.value(r, c) : 0f;
            }
        }
    }

    @Override
    public void addDots(Panel left, int row, Panel right, Entries entries, float[] target, int offset) {
        for (int i = entries.starts()[row]; i < entries.starts()[row + 1]; i++) {
            int other = entries.column(row, i) * Panel.STRIDE;
            double sum = 0;
            for (int r = 0; r < left.length(); r++) {
                sum += (double) left.values()[row * Panel.STRIDE + r] * right.values()[other + r];
            }
            target[offset + i] += (float) sum;
        }
    }

    @Override
    public void activateBackward(
            Activation activation, CpuTensor input, CpuTensor outputGradient, CpuTensor inputGradient) {
        for (int r = 0; r < input.rows(); r++) {
            for (int c = 0; c < input.columns(); c++) {
                float slope = PlainMath.derivative(activation, input.value(r, c));
                inputGradient.set(r, c, slope * outputGradient.value(r, c));
            }
        }
    }

    @Override
    public void gatedSilu(CpuTensor gate, CpuTensor up, CpuTensor output) {
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.columns(); c++) {
                output.set(r, c, PlainMath.value(Activation.SILU, gate.value(r, c)) * up.value(r, c));
            }
        }
    }

    @Override
    public void gatedSiluBackward(
            CpuTensor gate, CpuTensor up, CpuTensor outputGradient, CpuTensor gateGradient, CpuTensor upGradient) {
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.columns(); c++) {
                float g = gate.value(r, c);
                float u = up.value(r, c);
                float dy = outputGradient.value(r, c);
                gateGradient.set(r, c, dy * u * PlainMath.siluDerivative(g));
                upGradient.set(r, c, dy * PlainMath.value(Activation.SILU, g));
            }
        }
    }

    @Override
    public void dropout(Dropout dropout, CpuTensor target) {
        for (int r = 0; r < target.rows(); r++) {
            for (int c = 0; c < target.columns(); c++) {
                target.set(r, c, target.value(r, c) * dropout.factor(r, c));
            }
        }
    }

    @Override
    public void layerNorm(
            CpuTensor input, CpuTensor weight, CpuTensor bias, float epsilon, CpuTensor statistics, CpuTensor output) {
        PlainNorms.layerNorm(input, weight, bias, epsilon, statistics, output);
    }

    @Override
    public void layerNormBackward(
            CpuTensor input,
            CpuTensor weight,
            CpuTensor statistics,
            CpuTensor outputGradient,
            CpuTensor inputGradient) {
        PlainNorms.backward(input, weight, statistics, outputGradient, inputGradient);
    }

    @Override
    public void rmsNorm(CpuTensor input, CpuTensor weight, float epsilon, CpuTensor statistics, CpuTensor output) {
        PlainNorms.rmsNorm(input, weight, epsilon, statistics, output);
    }

    @Override
    public void rmsNormBackward(
            CpuTensor input,
            CpuTensor weight,
            CpuTensor statistics,
            CpuTensor outputGradient,
            CpuTensor inputGradient) {
        PlainNorms.backward(input, weight, statistics, outputGradient, inputGradient);
    }

    @Override
    public void normWeightGradient(
            CpuTensor input, CpuTensor statistics, CpuTensor outputGradient, CpuTensor weightGradient) {
        PlainNorms.weightGradient(input, statistics, outputGradient, weightGradient);
    }

    @Override
    public void rope(CpuTensor target, int[] positions, int headSize, CpuTensor table, boolean inverse) {
        int half = headSize / 2;
        for (int r = 0; r < target.rows(); r++) {
            for (int first = 0; first < target.columns(); first += headSize) {
                for (int i = 0; i < half; i++) {
                    float cosine = table.value(positions[r], i);
                    float sine = inverse ? -table.value(positions[r], half + i) : table.value(positions[r], half + i);
                    float x = target.value(r, first + i);
                    float y = target.value(r, first + half + i);
                    target.set(r, first + i, x * cosine - y * sine);
                    target.set(r, first + half + i, y * cosine + x * sine);
                }
            }
        }
    }

    @Override
    public void softmax(CpuTensor logits, CpuTensor output) {
        PlainSoftmax.softmax(logits, output);
    }

    @Override
    public void crossEntropy(CpuTensor logits, int[] labels, float[] rowScale, float[] losses, CpuTensor gradient) {
        PlainSoftmax.crossEntropy(logits, labels, rowScale, losses, gradient);
    }

    @Override
    public void crossEntropy(CpuTensor logits, int[] labels, float[] losses) {
        PlainSoftmax.crossEntropy(logits, labels, losses);
    }

    @Override
    public void attentionSoftmax(ScoreBlock block) {
        new PlainAttention(block).forward();
    }

    @Override
    public void attentionSoftmaxBackward(ScoreBlock block) {
        new PlainAttention(block).backward();
    }
}
