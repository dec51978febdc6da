package io.sparkpeft.clusters.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An S3 server, started by the first test that needs it, for all tests of this process; an object is a file of it. */
public final class S3 {
    public static final String ACCESS_KEY = "key-of-the-tests";
    /** Looked for in all that a run leaves behind: it must be like no other text. */
    public static final String SECRET_KEY = "wJalrXUtnFEMI7MDENGbPxRfiCYSECRETKEY";

    static final String PORT = "PORT ";
    static final String BUCKET = "tests";
    private static S3 shared;

    private final Daemon daemon;
    private final Path bucket;
    private final int port;

    private S3(Path directory) throws IOException {
        this.bucket = Files.createDirectories(directory.resolve("buckets").resolve(BUCKET));
        List<String> said = new ArrayList<>();
        this.daemon = Daemon.start(
                S3Daemon.class, directory, List.of(bucket.getParent().toString()), said);
        this.port = said.stream()
                .filter(line -> line.startsWith(PORT))
                .mapToInt(line -> Integer.parseInt(line.substring(PORT.length())))
                .findFirst()
                .orElseThrow();
    }

    public static synchronized S3 shared() throws IOException {
        if (shared == null) {
            shared = new S3(Directories.create("s3"));
        }
        return shared;
    }

    /** The bucket's URI, without a slash at the end. */
    public String uri() {
        return "s3a://" + BUCKET;
    }

    /** Where the object of that key lies. */
    public Path object(String key) {
        return bucket.resolve(key);
    }

    /** Stores a file under a key. */
    public void put(String key, Path file) throws IOException {
        daemon.tell("put " + key + " " + file);
    }

    /** Where it listens, on this machine. */
    public int port() {
        return port;
    }

    /** Spark properties for it, the secret among them. */
    public List<String> properties() {
        return propertiesThrough(port);
    }

    /** The same with another port on this machine for requests to go to. */
    public List<String> propertiesThrough(int relay) {
        return List.of(
                "spark.hadoop.fs.s3a.endpoint http://127.0.0.1:" + relay,
                "spark.hadoop.fs.s3a.path.style.access true",
                "spark.hadoop.fs.s3a.directory.marker.retention keep",
                // S3Proxy takes a minute for each request that deletes several objects.
                "spark.hadoop.fs.s3a.multiobjectdelete.enable false",
                "spark.hadoop.fs.s3a.connection.ssl.enabled false",
                "spark.hadoop.fs.s3a.access.key " + ACCESS_KEY,
                "spark.hadoop.fs.s3a.secret.key " + SECRET_KEY);
    }
}
