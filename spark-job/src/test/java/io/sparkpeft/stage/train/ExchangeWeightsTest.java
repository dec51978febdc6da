package io.sparkpeft.stage.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.mask.UpdateMasks;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.round.RoundVectors;
import io.sparkpeft.spark.model.Artefact;
import io.sparkpeft.spark.model.ModelState;
import io.sparkpeft.spark.model.StateWeights;
import io.sparkpeft.stage.mask.ChooseMasks;
import io.sparkpeft.store.file.Storage;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeWeightsTest {
    private static final ParameterLayout LAYOUT = new ParameterLayout(List.of(
            new TensorSpec("body", 4, 4, TensorKind.LINEAR, TensorRole.BODY),
            new TensorSpec("head", 2, 4, TensorKind.LINEAR, TensorRole.HEAD)));

    @TempDir
    private Path folder;

    /** Without a cluster, on which importance would be estimated. */
    private void assertLeftAlone(ParameterMask tuned) {
        Recipe recipe = RecipeFile.parse(
                "model.path = m, data { train.paths = [t], dev.paths = [d] }, update.density = 0.5",
                "test.conf",
                List.of("refine.drop-and-grow.every-rounds=1", "refine.drop-and-grow.share=0.5"));
        ModelState state = new ModelState(null, Artefact.NONE, Artefact.NONE);
        Configuration configuration = new Configuration();
        StateWeights weights = StateWeights.open(Parameters.zeros(LAYOUT), state, configuration);
        MaskIndex index = new MaskIndex(tuned);
        RoundState start = RoundState.start(Artefact.NONE, index, new float[index.size()]);
        RoundState done = start.after(1, RoundVectors.of(new float[index.size()], start.moments()));
        ExchangeWeights exchange = new ExchangeWeights(
                recipe.refine().dropAndGrow(),
                new ChooseMasks(recipe, null, null),
                Storage.at(folder.toString(), configuration),
                state,
                weights,
                "base");
        assertThat(exchange.after("masked/phase-1", done, 4)).isSameAs(done);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void doesNothingWhereAllWeightsAreTuned() {
        assertLeftAlone(UpdateMasks.allThatRemains(ParameterMask.all(LAYOUT)));
    }

    @Test
    void doesNothingWhereNoWeightOfTheBodyIsTuned() {
        assertLeftAlone(UpdateMasks.headOnly(LAYOUT));
    }
}
