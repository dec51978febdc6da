package io.sparkpeft.fault.kernel;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The cpu backend as "faulty": the same bits, and a {@link TaskFault} where a test injected one. */
public final class FaultyBackendProvider implements BackendProvider {
    public static final String NAME = "faulty";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Backend create() {
        Backend cpu = BackendProvider.create("cpu");
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(cpu, arguments);
                        if (method.getName().equals("crossEntropy") && arguments.length == 5) {
                            TaskFault.afterLoss((float[]) arguments[3], (Tensor) arguments[4]);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
