package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.DeviceGraph;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;

/** What a stream was asked for while it was captured, as a graph of the driver that can be launched. */
final class CudaGraph implements DeviceGraph {
    private final CudaContext context;
    private final CUstream_st stream;
    private final CUgraphExec_st graph;

    private CudaGraph(CudaContext context, CUstream_st stream, CUgraphExec_st graph) {
        this.context = context;
        this.stream = stream;
        this.graph = graph;
    }

    /**
     * Captures what the work asks the stream for. Other threads may do with the context what they like meanwhile.
     *
     * @throws io.sparkpeft.compute.cuda.device.DeviceException if the stream refuses any of it; nothing was done then
     */
    static CudaGraph capture(CudaContext context, CUstream_st stream, Runnable work) {
        Status.driver(
                "start to capture a stream",
                cudart.cuStreamBeginCapture(stream, cudart.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
        CUgraph_st captured = new CUgraph_st();
        boolean isComplete = false;
        int code;
        try {
            work.run();
            isComplete = true;
        } finally {
            code = cudart.cuStreamEndCapture(stream, captured);
            if (!isComplete && code == cudart.CUDA_SUCCESS) {
                cudart.cuGraphDestroy(captured);
            }
        }
        Status.driver("capture a stream", code);
        CUgraphExec_st graph = new CUgraphExec_st();
        int made = cudart.cuGraphInstantiate(graph, captured, 0);
        Status.driver("give up a captured graph", cudart.cuGraphDestroy(captured));
        Status.driver("make a graph", made);
        return new CudaGraph(context, stream, graph);
    }

    @Override
    public void launch() {
        context.enter();
        Status.driver("launch a graph", cudart.cuGraphLaunch(graph, stream));
    }

    @Override
    public void close() {
        context.enter();
        Status.driver("give up a graph", cudart.cuGraphExecDestroy(graph));
    }
}
