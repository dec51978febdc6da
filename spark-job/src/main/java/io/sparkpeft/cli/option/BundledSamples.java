package io.sparkpeft.cli.option;

import io.sparkpeft.command.NetworkProgram;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.datasets.sample.SampleLayout;
import io.sparkpeft.datasets.sample.SampleWorld;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import org.apache.hadoop.conf.Configuration;

/** The samples that {@code sample} writes, for recipes that read nothing else. */
public final class BundledSamples {
    private BundledSamples() {}

    /** @throws JobException naming the command that writes them, where the recipe reads samples that are not there */
    public static void require(Recipe recipe, Configuration configuration) {
        String model = recipe.model().path();
        boolean isNetwork = NetworkProgram.isNetwork(model);
        SampleLayout layout = isNetwork ? NetworkProgram.find("read " + model).samples() : SampleWorld.LAYOUT;
        layout.directoryOf(recipe.inputs())
                .filter(directory -> Storage.at(directory, configuration).list().isEmpty())
                .ifPresent(directory -> {
                    throw JobException.input(
                            "Cannot read %1$s: it is not there; submit/submit.sh sample %1$s%2$s writes these samples and their model"
                                    .formatted(directory, isNetwork ? " --network" : ""));
                });
    }
}
