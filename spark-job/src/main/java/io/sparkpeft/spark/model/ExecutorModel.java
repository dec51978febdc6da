package io.sparkpeft.spark.model;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendChoice;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.compute.profile.ProfilingBackend;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.model.weights.ReplicaWeights;
import io.sparkpeft.model.weights.SharedWeights;
import io.sparkpeft.param.FrozenWeights;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.profile.TaskProfile;
import io.sparkpeft.spark.TaskFailure;
import io.sparkpeft.spark.resource.TaskDevice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/**
 * One base model in this JVM: its weights in a local file, and a pool of replicas for each device, as many as tasks run at
 * once. Replicas of one state on one device read the same copy of all tensors that none of their tasks writes.
 */
public final class ExecutorModel implements AutoCloseable {
    private static final int LARGEST_CACHE = 8;

    private final ModelReference reference;
    private final BaseModel base;
    private final Deque<Replica> idle = new ArrayDeque<>();
    private final Map<Artefact, MaskIndex> masks = new ConcurrentHashMap<>();
    private final Map<ModelState, StateWeights> states = new ConcurrentHashMap<>();
    private final Map<SharedKey, SharedWeights> shared = new HashMap<>();
    private boolean closed;

    private ExecutorModel(ModelReference reference, BaseModel base) {
        this.reference = reference;
        this.base = base;
    }

    /** Whose weights are shared, and where they lie. */
    private record SharedKey(ModelState state, TaskDevice device) {}

    static ExecutorModel load(ModelReference reference, Configuration configuration) {
        BaseModel base = BaseModel.load(reference, configuration);
        String print = base.fingerprint();
        if (!print.equals(reference.fingerprint())) {
            throw TaskFailure.sentence(
                    FailureKind.INPUT,
                    "Cannot use %s: its weights changed while the job runs (fingerprint %.12s, the driver read %.12s)"
                            .formatted(reference.path(), print, reference.fingerprint()),
                    null);
        }
        return new ExecutorModel(reference, base);
    }

    public ParameterLayout layout() {
        return base.layout();
    }

    /** The weights of a state, tensor by tensor; what makes the state is read once. */
    public StateWeights weights(ModelState state, Configuration configuration) {
        if (states.size() >= LARGEST_CACHE) {
            states.clear();
        }
        return states.computeIfAbsent(state, s -> StateWeights.open(base.weights(), s, configuration));
    }

    /** The coordinates of an update mask; read once. */
    public MaskIndex mask(Artefact file, Configuration configuration) {
        if (masks.size() >= LARGEST_CACHE) {
            masks.clear();
        }
        return masks.computeIfAbsent(file, f -> new MaskIndex(StateFiles.readMask(f, layout(), configuration)));
    }

    /**
     * A replica that holds the state, whatever task used it before.
     *
     * @param choice what computes
     * @param tuned the update mask whose weights the task sets itself, right at the start; none if it sets none
     */
    public Replica borrow(BackendChoice choice, ModelState state, Artefact tuned, Configuration configuration) {
        Replica.Holding holding = new Replica.Holding(state, tuned);
        TaskDevice device = TaskDevice.of(choice);
        Replica replica = idle(holding, device).orElseGet(() -> new Replica(this, device, backend(device)));
        try {
            replica.hold(holding, configuration);
        } catch (RuntimeException | Error e) {
            replica.release();
            throw e;
        }
        return replica;
    }

    /** One that holds what is wanted if there is one. Those that hold anything else let go of it: it is out of date. */
    private Optional<Replica> idle(Replica.Holding wanted, TaskDevice device) {
        synchronized (idle) {
            idle.stream().filter(replica -> !replica.holds(wanted)).forEach(Replica::letGo);
            List<Replica> there =
                    idle.stream().filter(replica -> replica.isOn(device)).toList();
            Optional<Replica> found = there.stream()
                    .filter(replica -> replica.holds(wanted))
                    .findFirst()
                    .or(() -> there.stream().findFirst());
            found.ifPresent(idle::remove);
            return found;
        }
    }

    /** The model's weights of a state in a backend's memory: those of the mask for this backend alone, all others shared. */
    ReplicaWeights open(Replica.Holding holding, TaskDevice device, Backend backend, Configuration configuration) {
        StateWeights source = weights(holding.state(), configuration);
        Optional<MaskIndex> tuned =
                holding.tuned().isNone() ? Optional.empty() : Optional.of(mask(holding.tuned(), configuration));
        return new ReplicaWeights(join(new SharedKey(holding.state(), device), source), backend, tuned);
    }

    private SharedWeights join(SharedKey key, StateWeights source) {
        synchronized (shared) {
            shared.values().removeIf(SharedWeights::isClosed);
            SharedWeights weights = shared.get(key);
            if (weights == null || !weights.join()) {
                weights = new SharedWeights(source, newBackend(key.device()), reference.frozen() == FrozenWeights.BF16);
                weights.join();
                shared.put(key, weights);
            }
            return weights;
        }
    }

    /** Bytes of the weights that replicas share, or could. */
    long sharedBytes() {
        synchronized (shared) {
            return shared.values().stream().mapToLong(SharedWeights::bytes).sum();
        }
    }

    /** A model of the base's shape. */
    TransformerModel model(Backend backend, ReplicaWeights weights) {
        return new TransformerModel(base.outline().definition(), backend, weights).recomputing(reference.recompute());
    }

    private static Backend backend(TaskDevice device) {
        Backend backend = newBackend(device);
        return TaskProfile.isOn() ? new ProfilingBackend(backend) : backend;
    }

    private static Backend newBackend(TaskDevice device) {
        try {
            return device.backend();
        } catch (UnusableDeviceException e) {
            throw TaskFailure.sentence(FailureKind.CONFIG, e.getMessage(), e);
        }
    }

    void giveBack(Replica replica) {
        synchronized (idle) {
            if (!closed) {
                idle.addFirst(replica);
                return;
            }
        }
        replica.release();
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
            idle.forEach(Replica::release);
            idle.clear();
        }
    }
}
