// Non-linearities, entry by entry. Geometry and order: entries.cuh. Kinds are the ordinals of io.sparkpeft.compute.argument.Activation.

extern "C" __global__ void __launch_bounds__(256) activate(
    int rows, int columns, int kind, const float* input, int input_stride, float* output, int output_stride) {
    with_activation(kind, [=](auto function) {
        map(rows, columns, {input, input_stride}, {output, output_stride}, [=](float x) { return function(x).value; });
    });
}

// output = f(x), and f'(x) in the place of x.
extern "C" __global__ void __launch_bounds__(256) activate_for_training(
    int rows, int columns, int kind, float* input_then_derivative, int input_stride, float* output, int output_stride) {
    Target from = {input_then_derivative, input_stride};
    Target to = {output, output_stride};
    bool quads = by_quads(rows, columns, from, to);
    with_activation(kind, [=](auto function) {
        for_entries(rows, columns, quads, [=](auto width, int row, int column) {
            constexpr int n = decltype(width)::value;
            Pack<n> derivatives = load<n>(from.at(row, column));
            Pack<n> values;
            for (int i = 0; i < n; i++) {
                ValueAndDerivative both = function(derivatives.at[i]);
                values.at[i] = both.value;
                derivatives.at[i] = both.derivative;
            }
            store(to.at(row, column), values);
            store(from.at(row, column), derivatives);
        });
    });
}

// input_gradient = f'(input)·output_gradient
extern "C" __global__ void __launch_bounds__(256) activate_backward(
    int rows,
    int columns,
    int kind,
    const float* input,
    int input_stride,
    const float* output_gradient,
    int output_gradient_stride,
    float* input_gradient,
    int input_gradient_stride) {
    Source gradient = {output_gradient, output_gradient_stride};
    Target to = {input_gradient, input_gradient_stride};
    with_activation(kind, [=](auto function) {
        zip(rows, columns, {input, input_stride}, gradient, to, [=](float x, float g) {
            return __fmul_rn(function(x).derivative, g);
        });
    });
}

// output = silu(gate)·up
extern "C" __global__ void __launch_bounds__(256) gated_silu(
    int rows,
    int columns,
    const float* gate,
    int gate_stride,
    const float* up,
    int up_stride,
    float* output,
    int output_stride) {
    Target to = {output, output_stride};
    zip(rows, columns, {gate, gate_stride}, {up, up_stride}, to, [](float g, float u) { return silu(g).value * u; });
}

// Gradients of gated_silu by gate and up; either may lie where the output's gradient does.
extern "C" __global__ void __launch_bounds__(256) gated_silu_backward(
    int rows,
    int columns,
    const float* gate,
    int gate_stride,
    const float* up,
    int up_stride,
    const float* output_gradient,
    int output_gradient_stride,
    float* gate_gradient,
    int gate_gradient_stride,
    float* up_gradient,
    int up_gradient_stride) {
    Source gates = {gate, gate_stride};
    Source ups = {up, up_stride};
    Source gradients = {output_gradient, output_gradient_stride};
    Target to_gate = {gate_gradient, gate_gradient_stride};
    Target to_up = {up_gradient, up_gradient_stride};
    bool quads = by_quads(rows, columns, gates, ups, gradients, to_gate, to_up);
    for_entries(rows, columns, quads, [=](auto width, int row, int column) {
        constexpr int n = decltype(width)::value;
        Pack<n> g = load<n>(gates.at(row, column));
        Pack<n> u = load<n>(ups.at(row, column));
        Pack<n> gradient = load<n>(gradients.at(row, column));
        for (int i = 0; i < n; i++) {
            ValueAndDerivative both = silu(g.at[i]);
            g.at[i] = gradient.at[i] * u.at[i] * both.derivative;
            u.at[i] = gradient.at[i] * both.value;
        }
        store(to_gate.at(row, column), g);
        store(to_up.at(row, column), u);
    });
}
