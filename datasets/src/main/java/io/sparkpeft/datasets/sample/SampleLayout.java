package io.sparkpeft.datasets.sample;

import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where things lie in a directory of samples, by which those who read samples are known.
 *
 * @param entries files and directories, as paths below that directory
 */
public record SampleLayout(Set<String> entries) {
    public SampleLayout {
        entries = Set.copyOf(entries);
    }

    /** The directory whose entries all of the paths are; empty where one of them is not, or is in another directory. */
    public Optional<String> directoryOf(Collection<String> paths) {
        Set<String> directories = new HashSet<>();
        for (String path : paths) {
            Optional<String> entry =
                    entries.stream().filter(name -> path.endsWith("/" + name)).findFirst();
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            directories.add(path.substring(0, path.length() - entry.get().length() - 1));
        }
        return directories.size() == 1 ? directories.stream().findFirst() : Optional.empty();
    }
}
