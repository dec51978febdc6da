package io.sparkpeft.dl4j;

import io.sparkpeft.config.TrainRecipe.Moments;
import io.sparkpeft.dl4j.settings.ImportanceSettings;
import io.sparkpeft.dl4j.settings.MaskSettings;
import io.sparkpeft.dl4j.settings.MaskedAveragingSettings;
import io.sparkpeft.dl4j.settings.TrainingSettings;
import io.sparkpeft.dl4j.settings.TrainingSettings.Statistics;
import java.util.List;

/** Collects what a {@link MaskedAveragingTrainingMaster} is told; {@link #build} checks it. */
public final class MaskedAveragingBuilder {
    private static final MaskSettings MASKS = MaskSettings.DEFAULT;
    private static final TrainingSettings TRAINING = TrainingSettings.DEFAULT;

    private double sparsity = MASKS.sparsity();
    private double density = MASKS.density();
    private String pruneCriterion = MASKS.pruneCriterion();
    private String updateCriterion = MASKS.updateCriterion();
    private String scope = MASKS.scope();
    private List<String> head = MASKS.head();
    private int importanceExamples = ImportanceSettings.DEFAULT.examples();
    private int importanceBatchSize = ImportanceSettings.DEFAULT.batchSize();
    private int workers = TRAINING.workers();
    private int batchSizePerWorker = TRAINING.batchSizePerWorker();
    private int averagingFrequency = TRAINING.averagingFrequency();
    private int epochs = TRAINING.epochs();
    private double clipNorm = TRAINING.clipNorm();
    private boolean shuffle = TRAINING.shuffle();
    private long seed = TRAINING.seed();
    private Moments moments = TRAINING.moments();
    private Statistics statistics = TRAINING.statistics();
    private String storageLevel = TRAINING.storageLevel();
    private String checkpointDirectory = TRAINING.checkpointDirectory();
    private boolean collectTrainingStats;

    MaskedAveragingBuilder() {}

    /** Share of the weights that are set to 0; 0 unless said. */
    public MaskedAveragingBuilder sparsity(double share) {
        sparsity = share;
        return this;
    }

    /** Share of the weights that are tuned; 1, all that pruning left, unless said. */
    public MaskedAveragingBuilder density(double share) {
        density = share;
        return this;
    }

    /** Score that decides what is pruned: obd, fisher, magnitude, snip, taylor or random. */
    public MaskedAveragingBuilder pruneCriterion(String name) {
        pruneCriterion = name;
        return this;
    }

    /** Score that decides what is tuned: fisher, fisher-expected, gradient, magnitude or random. */
    public MaskedAveragingBuilder updateCriterion(String name) {
        updateCriterion = name;
        return this;
    }

    /** Weights that are compared with each other: global or per-tensor. */
    public MaskedAveragingBuilder scope(String name) {
        scope = name;
        return this;
    }

    /** Layers that are always tuned and never pruned: numbers in a MultiLayerNetwork, names in a ComputationGraph. */
    public MaskedAveragingBuilder head(String... layers) {
        head = List.of(layers);
        return this;
    }

    /** Examples that importance is estimated on. */
    public MaskedAveragingBuilder importanceExamples(int count) {
        importanceExamples = count;
        return this;
    }

    /** Examples whose mean gradient is squared; see {@link ImportanceSettings}. */
    public MaskedAveragingBuilder importanceBatchSize(int count) {
        importanceBatchSize = count;
        return this;
    }

    /** Workers of a round; 0 for one for each partition of the RDD. */
    public MaskedAveragingBuilder workers(int count) {
        workers = count;
        return this;
    }

    /** Examples of one local step. */
    public MaskedAveragingBuilder batchSizePerWorker(int examples) {
        batchSizePerWorker = examples;
        return this;
    }

    /** Local steps between two averagings. */
    public MaskedAveragingBuilder averagingFrequency(int steps) {
        averagingFrequency = steps;
        return this;
    }

    /** Passes over the data in each call of fit. */
    public MaskedAveragingBuilder epochs(int count) {
        epochs = count;
        return this;
    }

    /** Largest norm of the gradient of the tuned weights; 0: not clipped. */
    public MaskedAveragingBuilder clipNorm(double norm) {
        clipNorm = norm;
        return this;
    }

    /** Whether each worker draws a new order of its examples for each epoch. */
    public MaskedAveragingBuilder shuffle(boolean drawn) {
        shuffle = drawn;
        return this;
    }

    /** Seed of all that is drawn. */
    public MaskedAveragingBuilder seed(long number) {
        seed = number;
        return this;
    }

    /** What becomes of Adam's moments between rounds. */
    public MaskedAveragingBuilder moments(Moments rule) {
        moments = rule;
        return this;
    }

    /** What becomes of the running statistics of batch normalisation. */
    public MaskedAveragingBuilder statistics(Statistics rule) {
        statistics = rule;
        return this;
    }

    /** Where Spark keeps the examples between rounds, as Spark names it. */
    public MaskedAveragingBuilder storageLevel(String name) {
        storageLevel = name;
        return this;
    }

    /** URI of a directory that each round is written to, so that the same program, started again, goes on. */
    public MaskedAveragingBuilder checkpointDirectory(String uri) {
        checkpointDirectory = uri;
        return this;
    }

    /** Whether times of masks and rounds are collected. */
    public MaskedAveragingBuilder collectTrainingStats(boolean collected) {
        collectTrainingStats = collected;
        return this;
    }

    /** @throws IllegalArgumentException if a value is wrong */
    public MaskedAveragingTrainingMaster build() {
        MaskedAveragingTrainingMaster master = new MaskedAveragingTrainingMaster(new MaskedAveragingSettings(
                new MaskSettings(sparsity, density, pruneCriterion, updateCriterion, scope, head),
                new ImportanceSettings(importanceExamples, importanceBatchSize),
                new TrainingSettings(
                        workers,
                        batchSizePerWorker,
                        averagingFrequency,
                        epochs,
                        clipNorm,
                        shuffle,
                        seed,
                        moments,
                        statistics,
                        storageLevel,
                        checkpointDirectory)));
        master.setCollectTrainingStats(collectTrainingStats);
        return master;
    }
}
