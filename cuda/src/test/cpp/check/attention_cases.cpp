#include "cases.h"

constexpr int TILE = 64;
constexpr int HEADS = 4;
constexpr int KEY_HEADS = 2;

namespace {

int tiles(int count) {
    return (count + TILE - 1) / TILE;
}

// All positions of the first sequence ask, nobody of the second, some of the third. The fourth is empty. Three of the fifth
// ask, whose keys are many and lie at multiples of four.
struct Batch {
    std::vector<int> key_offsets = {0, 70, 75, 172, 172, 688};
    std::vector<int> query_offsets = {0, 70, 70, 150, 150, 153};
    std::vector<int> starts = {0, 70 * 70, 70 * 70, 70 * 70 + 80 * 97, 70 * 70 + 80 * 97, 70 * 70 + 80 * 97 + 3 * 516};
    std::vector<int> positions, seeds;

    Batch() {
        for (int i = 0; i < 70; i++) {
            positions.push_back(i);
        }
        for (int i = 0; i < 80; i++) {
            positions.push_back(i == 0 ? 3 : i + 10);
        }
        for (int position : {0, 301, 515}) {
            positions.push_back(position);
        }
        for (int i = 0; i < queries(); i++) {
            seeds.push_back(i * 104729 + 5);
        }
    }

    int queries() const {
        return query_offsets.back();
    }

    int keys() const {
        return key_offsets.back();
    }

    int per_head() const {
        return starts.back();
    }

    int sequences() const {
        return static_cast<int>(starts.size()) - 1;
    }
};

class AttentionCases {
public:
    AttentionCases(Layout layout, int head_size, bool causal, bool dropout, bool rounded, const Run& run)
        : layout(layout), head_size(head_size), causal(causal), dropout(dropout), rounded(rounded), run(run) {}

    void forward() {
        run(tiled("attention_scores", score_tiles())
                .matrix(batch.queries(), HEADS * head_size)
                .matrix(batch.keys(), KEY_HEADS * head_size)
                .real(0.3f)
                .matrix(HEADS, batch.per_head(), Use::CHANGED));
        run(softmax("attention_softmax").matrix(HEADS, batch.per_head(), Use::CHANGED));
        Case values = tiled("attention_values", tiles(80) * tiles(head_size));
        values.matrix(HEADS, batch.per_head()).matrix(batch.keys(), KEY_HEADS * head_size);
        run(drop(values).matrix(batch.queries(), HEADS * head_size, Use::WRITTEN));
    }

    void backward() {
        Case probabilities = tiled("attention_probability_gradients", score_tiles());
        probabilities.matrix(batch.queries(), HEADS * head_size).matrix(batch.keys(), KEY_HEADS * head_size);
        run(drop(probabilities).matrix(HEADS, batch.per_head(), Use::CHANGED));
        run(softmax("attention_softmax_backward")
                .matrix(HEADS, batch.per_head())
                .real(0.3f)
                .matrix(HEADS, batch.per_head(), Use::CHANGED));
        run(tiled("attention_query_gradients", tiles(80) * tiles(head_size))
                .matrix(HEADS, batch.per_head())
                .matrix(batch.keys(), KEY_HEADS * head_size)
                .matrix(batch.queries(), HEADS * head_size, Use::WRITTEN));
        run(keyed("attention_key_gradients")
                .matrix(HEADS, batch.per_head())
                .matrix(batch.queries(), HEADS * head_size)
                .matrix(batch.keys(), KEY_HEADS * head_size, Use::WRITTEN));
        Case values = keyed("attention_value_gradients");
        values.matrix(HEADS, batch.per_head()).matrix(batch.queries(), HEADS * head_size);
        run(drop(values).matrix(batch.keys(), KEY_HEADS * head_size, Use::WRITTEN));
    }

private:
    int score_tiles() const {
        return tiles(3) * tiles(516);
    }

    Case& packing(Case& launch) {
        return launch.numbers(batch.key_offsets)
            .numbers(batch.query_offsets)
            .numbers(batch.starts)
            .numbers(batch.positions);
    }

    Case tiled(const char* kernel, int count, int heads = HEADS) {
        Case launch(kernel, layout);
        launch.grid(count, heads, batch.sequences()).block(16, 16);
        launch.number(HEADS).number(KEY_HEADS).number(head_size).number(causal).number(rounded);
        packing(launch);
        return launch;
    }

    Case keyed(const char* kernel) {
        return tiled(kernel, tiles(516) * tiles(head_size), KEY_HEADS);
    }

    Case softmax(const char* kernel) {
        Case launch(kernel, layout);
        launch.grid((batch.queries() * HEADS + 7) / 8);
        launch.number(batch.queries()).number(HEADS).number(batch.sequences()).number(causal);
        packing(launch);
        return launch;
    }

    Case& drop(Case& launch) {
        dropout ? launch.numbers(batch.seeds) : launch.nothing();
        return launch.real(0.25f).real(4.0f / 3.0f);
    }

    Batch batch;
    Layout layout;
    int head_size;
    bool causal, dropout, rounded;
    const Run& run;
};

}  // namespace

void attention_cases(Layout layout, int head_size, bool causal, bool dropout, const Run& run) {
    for (bool rounded : {false, true}) {
        AttentionCases cases(layout, head_size, causal, dropout, rounded, run);
        cases.forward();
        cases.backward();
    }
}
