package io.sparkpeft.clusters.daemon;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * The part of Kubernetes' API that keeps objects and tells of their changes, by fabric8's server over HTTP. It runs no
 * pods ({@link Kubelet} does) and refuses nobody: what was asked with a token is remembered, to be held against a role.
 */
public final class KubernetesApi implements AutoCloseable {
    private static final Pattern PATH =
            Pattern.compile("/api/v1/namespaces/([^/?]+)/([a-z]+)(/[^/?]+)?(/status)?(?:\\?(.*))?");

    /** Held, so that it stays set: the server would print every request. */
    private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

    private final Queue<Access> accesses = new ConcurrentLinkedQueue<>();
    private final KubernetesMockServer server;

    /**
     * One request as a role allows or denies it.
     *
     * @param token of who asked
     * @param verb get, list, watch, create, update, patch, delete or deletecollection
     */
    public record Access(String token, String namespace, String resource, String verb) {}

    public KubernetesApi() throws Exception {
        SERVER_LOG.setLevel(Level.WARNING);
        server = new KubernetesMockServer(
                new Context(),
                new MockWebServer(),
                new HashMap<>(),
                new KubernetesCrudDispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request) {
                        remember(request);
                        boolean isNew = request.getMethod().equals("POST")
                                || request.getPath().contains("fieldManager=")
                                        && handleGet(request.getPath().replaceFirst("\\?.*", ""))
                                                .getStatus()
                                                .contains("404");
                        return super.dispatch(isNew ? creation(request) : request);
                    }
                },
                false);
        server.init(InetAddress.getByName("127.0.0.1"), 0);
    }

    /**
     * What this server understands: an object that is applied and not there is one to create, and a new pod is pending.
     */
    private static RecordedRequest creation(RecordedRequest request) {
        String path = request.getPath().replaceFirst("\\?.*", "");
        String collection = request.getMethod().equals("POST") ? path : path.replaceFirst("/[^/]+$", "");
        Buffer body = request.getBody();
        if (collection.endsWith("/pods")) {
            Pod pod = Serialization.unmarshal(body.readUtf8(), Pod.class);
            pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
            body = new Buffer().writeUtf8(Serialization.asJson(pod));
        }
        return new RecordedRequest(
                "POST " + collection + " HTTP/1.1",
                request.getHeaders(),
                request.getChunkSizes(),
                body.size(),
                body,
                request.getSequenceNumber(),
                new Socket());
    }

    private void remember(RecordedRequest request) {
        String token = String.valueOf(request.getHeader("Authorization")).replace("Bearer ", "");
        Matcher path = PATH.matcher(request.getPath());
        if (path.matches()) {
            boolean isOne = path.group(3) != null;
            String query = String.valueOf(path.group(5));
            accesses.add(new Access(token, path.group(1), path.group(2), verb(request.getMethod(), isOne, query)));
        } else {
            accesses.add(new Access(token, "", request.getPath(), request.getMethod()));
        }
    }

    private static String verb(String method, boolean isOne, String query) {
        return switch (method) {
            case "GET" -> query.contains("watch=true") ? "watch" : isOne ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> isOne ? "delete" : "deletecollection";
            default -> method;
        };
    }

    /** Spark's master URL, without its {@code k8s://}. */
    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public NamespacedKubernetesClient client() {
        return server.createClient();
    }

    /** What was asked with that token until now. */
    public List<Access> accesses(String token) {
        List<Access> found = new ArrayList<>(accesses);
        found.removeIf(access -> !access.token().equals(token));
        return found;
    }

    @Override
    public void close() {
        server.destroy();
    }
}
