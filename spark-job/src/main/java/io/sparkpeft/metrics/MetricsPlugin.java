package io.sparkpeft.metrics;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Brings a run into Spark's own metrics system, and so to whatever sink it has: Prometheus, JMX, Graphite, files. The
 * commands of this program switch it on; a session that others started needs
 * {@code spark.plugins=io.sparkpeft.metrics.MetricsPlugin}.
 */
public final class MetricsPlugin implements SparkPlugin {
    private static final String PLUGINS = "spark.plugins";

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
                return Map.of();
            }
        };
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new ExecutorPlugin() {
            @Override
            public void init(PluginContext plugin, Map<String, String> extra) {
                ExecutorCounts.register(plugin.metricRegistry());
            }
        };
    }
}
