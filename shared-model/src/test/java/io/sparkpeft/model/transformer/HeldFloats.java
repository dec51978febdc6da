package io.sparkpeft.model.transformer;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Counts the floats that backends have allocated and not given back. */
final class HeldFloats {
    private final Set<Tensor> held = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    /** The backend, counted. */
    Backend counting(Backend backend) {
        Set<Tensor> own = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(backend, arguments);
                        if (method.getName().equals("allocate")) {
                            own.add((Tensor) result);
                            held.add((Tensor) result);
                        } else if (method.getName().equals("free")) {
                            held.remove((Tensor) arguments[0]);
                        } else if (method.getName().equals("close")) {
                            own.forEach(held::remove);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    long count() {
        synchronized (held) {
            return held.stream().mapToLong(Tensor::size).sum();
        }
    }
}
