package io.sparkpeft.metrics;

import io.sparkpeft.energy.Readings;
import io.sparkpeft.energy.host.HostEnergy;
import io.sparkpeft.energy.host.HostSampler;
import io.sparkpeft.energy.host.Reading;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.resource.ResourceInformation;

/**
 * Brings a run into Spark's own metrics system, and so to whatever sink it has: Prometheus, JMX, Graphite, files. The
 * commands of this program switch it on; a session that others started needs
 * {@code spark.plugins=io.sparkpeft.metrics.MetricsPlugin}.
 */
public final class MetricsPlugin implements SparkPlugin {
    private static final String PLUGINS = "spark.plugins";
    /** Where the hosts show RAPL counters, if not where Linux always does. */
    private static final String POWERCAP = "spark.sparkpeft.powercap";

    private static final String DRIVER = "driver";

    /** What an executor tells the driver. */
    private record Told(String executor, Reading reading) implements Serializable {}

    /** The value of {@code spark.plugins} that has this plugin beside those that were asked for. */
    public static Map.Entry<String, String> setting(SparkConf conf) {
        String asked = conf.get(PLUGINS, "");
        String own = MetricsPlugin.class.getName();
        if (asked.contains(own)) {
            return Map.entry(PLUGINS, asked);
        }
        return Map.entry(PLUGINS, asked.isBlank() ? own : asked + "," + own);
    }

    @Override
    public DriverPlugin driverPlugin() {
        return new DriverPlugin() {
            @Override
            public Map<String, String> init(SparkContext context, PluginContext plugin) {
                RunGauges.register(plugin.metricRegistry());
                Readings.begin(
                        HostSampler.start(energy(plugin), reading -> Readings.accept(plugin.executorID(), reading)));
                return Map.of();
            }

            @Override
            @SuppressWarnings("NullAway") // No answer.
            public Object receive(Object message) {
                if (message instanceof Told told) {
                    Readings.accept(told.executor, told.reading);
                }
                return null;
            }

            @Override
            public void shutdown() {
                Readings.end();
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new OnExecutor();
    }

    private static final class OnExecutor implements ExecutorPlugin {
        private Optional<HostSampler> sampler = Optional.empty();

        @Override
        public void init(PluginContext plugin, Map<String, String> extra) {
            ExecutorCounts.register(plugin.metricRegistry());
            boolean isInDriver = plugin.executorID().equals(DRIVER);
            sampler = isInDriver
                    ? Optional.empty()
                    : Optional.of(HostSampler.start(energy(plugin), reading -> send(plugin, reading)));
        }

        private static void send(PluginContext plugin, Reading reading) {
            try {
                plugin.send(new Told(plugin.executorID(), reading));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void shutdown() {
            sampler.ifPresent(HostSampler::close);
        }
    }

    /** Counters of this process's host, and of the GPUs that Spark gave to it. */
    private static HostEnergy energy(PluginContext plugin) {
        ResourceInformation gpus = plugin.resources().get("gpu");
        return HostEnergy.open(plugin.conf().get(POWERCAP, ""), gpus == null ? List.of() : List.of(gpus.addresses()));
    }
}
