package io.sparkpeft.inspect;

import io.sparkpeft.console.Amounts;
import io.sparkpeft.console.Lines;
import io.sparkpeft.delta.DeltaCodec;
import io.sparkpeft.delta.DeltaHeader;
import io.sparkpeft.delta.ValueType;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a delta or mask file says of itself. */
final class DeltaInspection {
    private DeltaInspection() {}

    static List<String> ofDirectory(Storage directory) {
        List<String> lines = new ArrayList<>(of(directory, RunDirectory.ADAPTER_FILE));
        if (directory.exists(RunDirectory.PRUNE_MASK_FILE)) {
            lines.addAll(of(directory, RunDirectory.PRUNE_MASK_FILE));
        }
        return lines;
    }

    static List<String> of(Storage directory, String name) {
        byte[] file = directory.read(name);
        DeltaHeader header = DeltaCodec.header(file, directory.uri(name));
        boolean isMask = header.values() == ValueType.NONE;
        Lines lines = new Lines().title((isMask ? "mask " : "adapter ") + directory.uri(name));
        lines.add("weights", "%,d".formatted(header.count()));
        lines.add("size", Amounts.bytes(file.length));
        if (!isMask) {
            lines.add("values", header.values().name().toLowerCase(Locale.ROOT));
            lines.add("bytes a weight", "%.2f".formatted((double) file.length / Math.max(1, header.count())));
            lines.add("base", header.base());
        }
        lines.add("layout", header.layout()).add("members", header.mask());
        header.metadata().forEach((key, value) -> lines.add(key, value.replace("\t", ", ")));
        return lines.close();
    }
}
