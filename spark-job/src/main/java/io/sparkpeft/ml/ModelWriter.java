package io.sparkpeft.ml;

import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.DefaultParamsWriter;

/**
 * Saves a model: the files of its run that say what it is and where it came from, the model and the adapter, and last
 * the params, in the file without which Spark loads nothing.
 */
final class ModelWriter extends DefaultParamsWriter {
    private static final List<String> FILES = List.of(RunDirectory.RECIPE, RunDirectory.MANIFEST, RunDirectory.RESULT);
    private static final List<String> DIRECTORIES = List.of(RunDirectory.ADAPTER, RunDirectory.MODEL);

    private final SparseFineTunedModel model;

    ModelWriter(SparseFineTunedModel model) {
        super(model);
        this.model = model;
    }

    @Override
    public void saveImpl(String path) {
        Configuration configuration = sparkSession().sparkContext().hadoopConfiguration();
        Storage from = Storage.at(model.directory(), configuration);
        Storage to = Storage.at(path, configuration);
        FILES.forEach(file -> from.copy(file, to));
        for (String directory : DIRECTORIES) {
            Storage source = from.directory(directory);
            Storage target = to.directory(directory);
            source.list().forEach(file -> source.copy(file, target));
        }
        super.saveImpl(path);
    }
}
