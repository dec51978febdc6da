package io.sparkpeft.fault.watch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What this process logs at level warning or above while it is open: what a user sees of a driver. */
public final class LogLines implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    };

    public LogLines() {
        appender.start();
        root().addAppender(appender, Level.WARN, null);
        context().updateLoggers();
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    private static LoggerContext context() {
        return (LoggerContext) LogManager.getContext(false);
    }

    private static org.apache.logging.log4j.core.config.LoggerConfig root() {
        return context().getConfiguration().getRootLogger();
    }

    @Override
    public void close() {
        root().removeAppender("lines");
        context().updateLoggers();
        appender.stop();
    }
}
