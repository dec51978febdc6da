package io.sparkpeft.datasets.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does again, after a pause, what a storage refused for a moment: a throttled request, a connection that broke, a file
 * that another machine wrote and that is not seen here yet. For work that may be done twice only.
 */
public final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE = 100;
    private static final long GROWTH = 3;

    private Patience() {}

    /** Something that is asked of a storage. */
    @FunctionalInterface
    public interface Request<T> {
        T make() throws IOException;
    }

    /** What the request gives; what it throws the last time, if it fails {@value #ATTEMPTS} times. */
    public static <T> T with(Request<T> request) throws IOException {
        long pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return request.make();
            } catch (IOException e) {
                if (attempt == ATTEMPTS || isFinal(e)) {
                    throw e;
                }
                LOG.info("Trying again in {} ms: {}", pause, e.toString());
                sleep(pause);
                pause *= GROWTH;
            }
        }
    }

    /**
     * Whether a failure is the storage's for now, and not what is wrong with a file: that it is not there, may not be
     * read, or ends or is written otherwise than it should.
     */
    public static boolean mayPass(Throwable failure) {
        return failure instanceof IOException e
                && !isRefused(e)
                && !(e instanceof FileNotFoundException)
                && !(e instanceof NoSuchFileException)
                && !(e instanceof EOFException)
                && !(e instanceof ZipException)
                && !(e instanceof CharacterCodingException)
                && !(e instanceof JsonProcessingException);
    }

    /** Whether asking again at once is of no use. */
    private static boolean isFinal(IOException e) {
        return isRefused(e) || String.valueOf(e.getMessage()).contains("No space left");
    }

    private static boolean isRefused(IOException e) {
        return e instanceof AccessControlException
                || e instanceof java.nio.file.AccessDeniedException
                || e instanceof UnsupportedFileSystemException
                || e instanceof FileAlreadyExistsException;
    }

    private static void sleep(long milliseconds) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the storage", e);
        }
    }
}
