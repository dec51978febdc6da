package io.sparkpeft.clusters.daemon;

import com.google.common.io.ByteSource;
import com.google.common.io.Files;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.BlobStoreContext;

/**
 * An S3 server on the file system, in a process of its own, until its standard input ends. It says on which port it
 * listens, then READY, and then stores what it is told, a line each: {@code put KEY FILE}. Requests must be signed with
 * the key of {@link S3}.
 */
final class S3Daemon {
    private S3Daemon() {}

    /** @param arguments the directory of buckets */
    public static void main(String... arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", arguments[0]);
        BlobStoreContext store = ContextBuilder.newBuilder("filesystem")
                .credentials(S3.ACCESS_KEY, S3.SECRET_KEY)
                .overrides(properties)
                .build(BlobStoreContext.class);
        S3Proxy server = S3Proxy.builder()
                .blobStore(store.getBlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, S3.ACCESS_KEY, S3.SECRET_KEY)
                .build();
        server.start();
        System.out.println(S3.PORT + server.getPort());
        System.out.println(Daemon.READY);
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                String[] words = command.split(" ", 3);
                put(store.getBlobStore(), words[1], new File(words[2]));
                System.out.println(Daemon.DONE + command);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void put(BlobStore store, String key, File file) throws IOException {
        ByteSource content = Files.asByteSource(file);
        store.putBlob(
                S3.BUCKET,
                store.blobBuilder(key)
                        .payload(content)
                        .contentLength(content.size())
                        .build());
    }
}
