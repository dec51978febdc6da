package io.sparkpeft.clusters.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Stands between S3's clients and the server, and does to requests what networks and busy servers do to them. Every
 * request has a connection of its own, and is passed on byte for byte, as its signature demands.
 */
public final class S3Relay implements AutoCloseable {
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final ServerSocket socket;
    private final int server;
    private final Network network;
    private final ExecutorService connections = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "s3-relay");
        thread.setDaemon(true);
        return thread;
    });

    /** What is done to a request. */
    public enum Treatment {
        /** It is passed on, and its answer back. */
        PASSED_ON,
        /** It is passed on after a while. */
        DELAYED,
        /** It is answered with 503 Slow Down. */
        THROTTLED,
        /** It is answered with 404 No Such Key. */
        NOT_FOUND,
        /** It is never answered, though the connection stays open. */
        UNANSWERED,
        /** It is passed on, and the connection is reset in the middle of its answer. */
        CUT_OFF,
        /** It is passed on and done, and the connection breaks before its answer. */
        ANSWER_LOST
    }

    /**
     * What a client asks.
     *
     * @param method of HTTP
     * @param path with the bucket
     */
    public record Request(String method, String path) {}

    /** Decides what happens to requests; asked by many threads at once. */
    @FunctionalInterface
    public interface Network {
        Treatment treatment(Request request) throws Exception;
    }

    public S3Relay(int server, Network network) throws IOException {
        this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.server = server;
        this.network = network;
        connections.execute(this::accept);
    }

    /** Where it listens, on this machine. */
    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        connections.shutdownNow();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                connections.execute(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a client that was gone before it was let in.
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket client = accepted) {
            String head = readHead(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            if (header(head, "expect").startsWith("100")) {
                write(client, "HTTP/1.1 100 Continue" + END_OF_HEAD);
            }
            String length = header(head, "content-length");
            byte[] body = client.getInputStream().readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
            String[] words = head.split(" ", 3);
            treat(new Request(words[0], words[1]), head, body, client);
        } catch (Exception e) {
            // To the client, a broken connection.
        }
    }

    private void treat(Request request, String head, byte[] body, Socket client) throws Exception {
        OutputStream out = client.getOutputStream();
        switch (network.treatment(request)) {
            case PASSED_ON -> out.write(ask(head, body));
            case DELAYED -> {
                TimeUnit.MILLISECONDS.sleep(30);
                out.write(ask(head, body));
            }
            case THROTTLED -> write(client, error(request, "503 Slow Down", "SlowDown"));
            case NOT_FOUND -> write(client, error(request, "404 Not Found", "NoSuchKey"));
            case UNANSWERED -> client.getInputStream().readAllBytes();
            case CUT_OFF -> {
                byte[] answer = ask(head, body);
                // Reset, not ended: a client on plain HTTP takes half a head that ends for a whole one, without length.
                client.setSoLinger(true, 0);
                out.write(Arrays.copyOf(answer, answer.length / 2));
            }
            case ANSWER_LOST -> ask(head, body);
        }
    }

    private byte[] ask(String head, byte[] body) throws IOException {
        try (Socket upstream = new Socket("127.0.0.1", server)) {
            String once = head.replaceAll("(?i)\r\n(connection|expect):[^\r]*", "")
                    .replace(END_OF_HEAD, "\r\nConnection: close" + END_OF_HEAD);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write(once.getBytes(StandardCharsets.ISO_8859_1));
            request.write(body);
            upstream.getOutputStream().write(request.toByteArray());
            return upstream.getInputStream().readAllBytes();
        }
    }

    /** A head with the empty line that ends it; nothing where the client has gone. */
    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.lastIndexOf(END_OF_HEAD) < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String header(String head, String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static String error(Request request, String status, String code) {
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
                .formatted(code, status);
        return "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close%s%s"
                .formatted(status, body.length(), END_OF_HEAD, request.method().equals("HEAD") ? "" : body);
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
