package io.sparkpeft.compute.cuda.kernel;

import io.sparkpeft.compute.argument.Activation;
import io.sparkpeft.compute.argument.Dropout;
import io.sparkpeft.compute.cuda.launch.CallArrays;
import io.sparkpeft.compute.cuda.launch.Launcher;
import io.sparkpeft.compute.cuda.memory.CudaTensor;

/** Functions of single entries. */
public final class ElementKernels {
    private final Launcher launcher;
    private final CallArrays arrays;

    ElementKernels(Launcher launcher, CallArrays arrays) {
        this.launcher = launcher;
        this.arrays = arrays;
    }

    public void fill(CudaTensor target, float value) {
        launcher.elements("fill", target).result(target).number(value).run();
    }

    public void copy(CudaTensor source, CudaTensor target) {
        launcher.elements("copy", source, target).matrix(source).result(target).run();
    }

    /** The factor, which is another each time, is no argument. */
    public void scale(float factor, CudaTensor target) {
        long there = arrays.begin(1, 1).floats(new float[] {factor}, 1);
        arrays.send();
        launcher.elements("scale", target).address(there).result(target).run();
    }

    public void add(float alpha, CudaTensor source, CudaTensor target) {
        launcher.elements("add", source, target)
                .number(alpha)
                .matrix(source)
                .result(target)
                .run();
    }

    public void multiply(CudaTensor factor, CudaTensor target) {
        launcher.elements("multiply", factor, target)
                .matrix(factor)
                .result(target)
                .run();
    }

    public void addSquares(CudaTensor source, CudaTensor target) {
        launcher.elements("add_squares", source, target)
                .matrix(source)
                .result(target)
                .run();
    }

    public void fillRows(CudaTensor bias, CudaTensor target) {
        launcher.grid("fill_rows", target.rows(), target.columns())
                .address(bias.address())
                .result(target)
                .run();
    }

    public void addBias(CudaTensor bias, CudaTensor source, CudaTensor output) {
        launcher.grid("add_bias", source.rows(), source.columns())
                .address(bias.address())
                .matrix(source)
                .result(output)
                .run();
    }

    public void expand(CudaTensor packed, CudaTensor target) {
        launcher.grid("expand_halves", target.rows(), target.columns())
                .matrix(packed)
                .result(target)
                .run();
    }

    public void activate(Activation activation, CudaTensor input, CudaTensor output) {
        launcher.elements("activate", input, output)
                .integer(activation.ordinal())
                .matrix(input)
                .result(output)
                .run();
    }

    public void activateForTraining(Activation activation, CudaTensor inputThenDerivative, CudaTensor output) {
        launcher.elements("activate_for_training", inputThenDerivative, output)
                .integer(activation.ordinal())
                .result(inputThenDerivative)
                .result(output)
                .run();
    }

    public void activateBackward(
            Activation activation, CudaTensor input, CudaTensor outputGradient, CudaTensor inputGradient) {
        launcher.elements("activate_backward", input, outputGradient, inputGradient)
                .integer(activation.ordinal())
                .matrix(input)
                .matrix(outputGradient)
                .result(inputGradient)
                .run();
    }

    public void gatedSilu(CudaTensor gate, CudaTensor up, CudaTensor output) {
        launcher.elements("gated_silu", gate, up, output)
                .matrix(gate)
                .matrix(up)
                .result(output)
                .run();
    }

    public void gatedSiluBackward(
            CudaTensor gate, CudaTensor up, CudaTensor outputGradient, CudaTensor gateGradient, CudaTensor upGradient) {
        launcher.elements("gated_silu_backward", gate, up, outputGradient, gateGradient, upGradient)
                .matrix(gate)
                .matrix(up)
                .matrix(outputGradient)
                .result(gateGradient)
                .result(upGradient)
                .run();
    }

    public void dropout(Dropout dropout, CudaTensor target) {
        long seeds = arrays.begin(target.rows(), 1).seeds(dropout, target.rows());
        arrays.send();
        launcher.grid("dropout", target.rows(), target.columns())
                .result(target)
                .address(seeds)
                .number(dropout.probability())
                .number(CallArrays.scale(dropout))
                .run();
    }
}
