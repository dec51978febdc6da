package io.sparkpeft.config.file;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeRulesTest {
    private static final String LEAST = "model.path = m\ndata { train.paths = [t], dev.paths = [d] }\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task { type = causal-lm, labels = [a] } | task.labels: a task of type causal-lm has no labels",
                "task.labels = [a, a] | task.labels: a label is named twice",
                "task.type = causal-lm, evaluate.metric = accuracy | "
                        + "evaluate.metric: accuracy cannot be measured for a task of type causal-lm",
                "task.type = masked-lm, data.pair-column = b | data.pair-column: a task of type masked-lm reads single",
                "data.train.paths = [] | data.train.paths: it is empty; name the training examples",
                "data.long-text = split | data.long-text: only texts of a language model can be split",
                "data.columns = [a] | data.columns: the files name their columns themselves",
                "data.split.dev = 0.1 | data.split.dev: split.by = files takes data.dev.paths, not a share",
                "data.split.test = 0.1 | data.split.test: split.by = files takes data.test.paths, not a share",
                "data { split { by = hash, dev = 0.1 }, dev.paths = [d] } | data.dev.paths: split.by = hash takes dev",
                "data { split { by = tail, dev = 0.1 }, dev.paths = [], test.paths = [d] } | data.test.paths: split.by = tail takes",
                "data { dev.paths = [], split.by = hash } | "
                        + "data.split.dev: it is 0; split.by = hash takes that share of the examples for dev",
                "data.dev.paths = [] | data.dev.paths: it is empty; name the examples that phases are judged by",
                "data { dev.paths = [], split { by = hash, dev = 0.5, test = 0.5 } } | data.split.dev: 0.5 for dev and 0.5 for test leave",
                "prune.sparsity = 0.3, train.mode = pretrain | prune.sparsity: train.mode = pretrain does not prune",
                "prune { sparsity = 0.3, min-density = 0.8 } | prune.min-density: 0.8 is more than the 0.7",
                "prune { sparsity = 0.3, max-density = 0.6 } | prune.max-density: 0.6 is less than the 0.7",
                "prune.phases = 3 | prune.phases: 3 phases need a prune.sparsity above 0",
                "prune.sparsity = 0.5, update.density = 0.6 | update.density: 0.6 is more than the 0.5 that prune",
                "prune.sparsity = 0.8, update.density = 0.3 | update.density: 0.3 is more than the 0.2 that prune.sparsity leaves",
                "prune { sparsity = 0.8, min-density = 0.3 } | prune.min-density: 0.3 is more than the 0.2 that is kept",
                "update { density = 0.1, min-density = 0.2 } | update.min-density: 0.2 is more than the 0.1",
                "update { density = 0.1, max-density = 0.05 } | update.max-density: 0.05 is less than the 0.1",
                "update { density = 0.1, granularity = rows, scope = per-row } | "
                        + "update.scope: per-row compares single weights; update.granularity = rows takes whole rows",
                "update { density = 0.1, granularity = columns, min-density = 0.01 } | "
                        + "update.min-density: whole columns seldom meet a least share; it needs update.granularity = el",
                "update { density = 0.1, granularity = rows }, refine.drop-and-grow.every-rounds = 3 | "
                        + "refine.drop-and-grow.every-rounds: it exchanges single weights, and update.granularity = rows",
                "train { warmup-steps = 5, warmup-share = 0.1 } | train.warmup-share: the warm-up is set twice",
                "train { warmup-steps = 5, steps = 5 } | train.warmup-steps: 5 is not less than the 5 of train.steps",
                "importance.generic-weight = 1 | importance.generic-weight: it needs text in importance.generic.paths",
                "prune { sparsity = 0.5, phases = 4 }, refine.max-phases = 2 | "
                        + "refine.max-phases: 2 is less than the 4 of prune.phases",
                "refine.reference = dense | refine.reference: dense needs dense among evaluate.baselines",
                "refine.max-delta-ce = 1 | refine.max-delta-ce: it needs text in evaluate.retention.paths",
                "evaluate.gate.max-delta-ce = 1 | evaluate.gate.max-delta-ce: it needs text in",
                "importance.criterion = fischer | importance.criterion: fischer is not known for this; did you mean fisher?",
                "update.criterion = wanda | update.criterion: wanda is not known for this; there are: ",
                "prune.criterion = gradient | prune.criterion: gradient is not known for this; there are: ",
                "prune.criterion = wanda | prune.criterion: wanda compares weights of one output only; it needs",
                "model.backend = gpu | model.backend: gpu is not known for this; ",
                "model.backend = cuda | model.backend: cuda is not on the class path; cuda is in spark-peft-cuda.jar",
                "model.precision = bf16 | model.precision: bf16 is not known to the backend cpu; it computes in float32",
                "evaluate.baselines = [pretrain] | evaluate.baselines: pretrain is no baseline",
            })
    void refusesKeysThatContradictEachOther(String lines, String message) {
        assertThatThrownBy(() -> RecipeFile.parse(LEAST + lines, "x.conf", List.of()))
                .hasMessageStartingWith("Invalid " + message)
                .hasMessageFindingMatch(
                        "^[^\\n]*\\(x.conf, line \\d\\)$|has no labels|it is 0;|needs dense among|needs text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prune { sparsity = 0.3, min-density = 0.5 }, update.density = 0.7",
                "prune.sparsity = 0.8, update.density = 0.2",
                "prune.sparsity = 0.9, update.density = 0.1",
                "prune { sparsity = 0.8, min-density = 0.2, max-density = 0.2 }",
                "data { dev.paths = [], split { by = tail, dev = 0.1 } }, task.type = causal-lm, data.long-text = split",
                "prune { criterion = wanda, scope = per-row, sparsity = 0.5 }, model.backend = nd4j",
                "update.criterion = random, prune.criterion = magnitude, importance.criterion = fisher-expected",
                "update { density = 0.1, granularity = columns, scope = per-tensor, max-density = 0.5 }",
                "update { granularity = rows, scope = per-row }",
                "refine.reference = dense, evaluate.baselines = [dense]",
                "train.mode = pretrain, model.initial-weights = random",
                "data { header = false, columns = [label, text] }",
            })
    void acceptsKeysThatAgree(String lines) {
        assertThatCode(() -> RecipeFile.parse(LEAST + lines, "x.conf", List.of()))
                .doesNotThrowAnyException();
    }
}
