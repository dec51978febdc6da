package io.sparkpeft.dl4j;

import io.sparkpeft.dl4j.data.Examples;
import io.sparkpeft.dl4j.network.Masks;
import io.sparkpeft.dl4j.network.Network;
import io.sparkpeft.dl4j.round.MaskedRounds;
import io.sparkpeft.dl4j.round.TunedState;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.spark.Cluster;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.storage.listener.RoutingIterationListener;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Trains a DL4J network by changing only the weights that matter: importance, prune mask, update mask, then rounds of
 * masked local steps whose results are averaged in the order of the workers. Takes the place of DL4J's
 * ParameterAveragingTrainingMaster in {@link SparkDl4jMultiLayer} and {@link SparkComputationGraph}. Masks are chosen in
 * the first call of fit on a network and kept for all further ones; so are Adam's moments.
 */
public final class MaskedAveragingTrainingMaster
        implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {
    private final MaskedAveragingSettings settings;
    private List<TrainingListener> listeners = List.of();
    private boolean collectsTimes;
    private TrainingTimes times = new TrainingTimes();
    private WeakReference<Object> trained = new WeakReference<>(new Object());
    private Optional<TunedState> state = Optional.empty();
    private Optional<Cluster> cluster = Optional.empty();

    public MaskedAveragingTrainingMaster(MaskedAveragingSettings settings) {
        this.settings = settings;
    }

    /** A builder of the defaults. */
    public static MaskedAveragingBuilder builder() {
        return new MaskedAveragingBuilder();
    }

    /**
     * The training master that {@link #toJson} wrote, without listeners and training state.
     *
     * @throws IllegalArgumentException if a value is wrong or a key unknown
     */
    public static MaskedAveragingTrainingMaster fromJson(String json) {
        return new MaskedAveragingTrainingMaster(MaskedAveragingSettings.fromJson(json));
    }

    public MaskedAveragingSettings settings() {
        return settings;
    }

    /** The masks of the network that was trained last; empty before. */
    public Optional<Masks> masks() {
        return state.map(TunedState::masks);
    }

    /** Forgets masks and moments: the next call of fit chooses anew. */
    public void reset() {
        state = Optional.empty();
    }

    @Override
    public String toJson() {
        return settings.json();
    }

    @Override
    public String toYaml() {
        try {
            return NeuralNetConfiguration.mapperYaml().writeValueAsString(settings.tree());
        } catch (org.nd4j.shade.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the settings: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void executeTraining(SparkDl4jMultiLayer spark, JavaRDD<DataSet> data) {
        Network network = Network.of(spark.getNetwork());
        train(network, spark.getSparkContext(), data.map(DataSet::toMultiDataSet), spark::setScore);
    }

    @Override
    public void executeTraining(SparkComputationGraph spark, JavaRDD<DataSet> data) {
        executeTrainingMDS(spark, data.map(DataSet::toMultiDataSet));
    }

    @Override
    public void executeTrainingMDS(SparkComputationGraph spark, JavaRDD<MultiDataSet> data) {
        Network network = Network.of(spark.getNetwork());
        train(network, spark.getSparkContext(), data, spark::setScore);
    }

    private void train(Network network, JavaSparkContext context, JavaRDD<MultiDataSet> data, DoubleConsumer score) {
        if (trained.get() != network.model()) {
            trained = new WeakReference<>(network.model());
            state = Optional.empty();
        }
        if (cluster.map(c -> c.context().sc() != context.sc()).orElse(true)) {
            cluster = Optional.of(
                    new Cluster(SparkSession.builder().config(context.getConf()).getOrCreate()));
        }
        MaskedRounds rounds = new MaskedRounds(
                cluster.get(), settings, network, new DriverListener(network, listeners, times, score));
        try (Examples examples = Examples.of(cluster.get(), data, settings.training())) {
            state = Optional.of(rounds.fit(examples, state));
        }
    }

    /** @throws UnsupportedOperationException always: load the data sets in an RDD */
    @Override
    public void executeTrainingPaths(
            SparkDl4jMultiLayer network,
            SparkComputationGraph graph,
            JavaRDD<String> paths,
            DataSetLoader loader,
            MultiDataSetLoader multiLoader) {
        throw new UnsupportedOperationException(
                "Cannot train from paths: load the data sets into an RDD and call fit with it");
    }

    /** @throws UnsupportedOperationException always: workers are tasks of this master's own */
    @Override
    public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
        throw new UnsupportedOperationException("Cannot give a worker: they are tasks of the training master's own");
    }

    /** @throws UnsupportedOperationException always: workers are tasks of this master's own */
    @Override
    public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
        throw new UnsupportedOperationException("Cannot give a worker: they are tasks of the training master's own");
    }

    /** @throws UnsupportedOperationException always: add a listener, which is called after every round */
    @Override
    public void addHook(TrainingHook hook) {
        throw new UnsupportedOperationException("Cannot call hooks on workers: add a TrainingListener instead");
    }

    /** Nothing to do: there are no hooks. */
    @Override
    public void removeHook(TrainingHook hook) {}

    @Override
    public void setCollectTrainingStats(boolean collected) {
        collectsTimes = collected;
    }

    @Override
    public boolean getIsCollectTrainingStats() {
        return collectsTimes;
    }

    /** Times of masks and rounds since the master was made; null, as DL4J wants it, where they are not collected. */
    @Override
    public SparkTrainingStats getTrainingStats() {
        return collectsTimes ? times : null;
    }

    /** Listeners are called on the driver, after every round. */
    @Override
    public void setListeners(Collection<TrainingListener> called) {
        listeners = List.copyOf(called);
    }

    /** As {@link #setListeners(Collection)}; those that route get the router. */
    @Override
    public void setListeners(StatsStorageRouter router, Collection<TrainingListener> called) {
        for (TrainingListener listener : called) {
            if (router != null && listener instanceof RoutingIterationListener routing) {
                routing.setStorageRouter(router);
            }
        }
        setListeners(called);
    }

    /** Nothing to delete: data is not exported to files. */
    @Override
    public boolean deleteTempFiles(JavaSparkContext context) {
        return true;
    }

    /** Nothing to delete: data is not exported to files. */
    @Override
    public boolean deleteTempFiles(SparkContext context) {
        return true;
    }
}
