package io.sparkpeft.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.store.file.Storage;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class RunPlacesTest {
    private final RunPlaces here = new RunPlaces(Storage.at("file:/runs/a", new Configuration()));
    private final RunPlaces there = new RunPlaces(Storage.at("file:/other/b", new Configuration()));

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void placesMoveWithTheRunAndNothingElseDoes() throws JsonProcessingException {
        JsonNode value = json("""
                {'round': 3, 'mask': {'uri': 'file:/runs/a/artefacts/m', 'fingerprint': 'file:/runs/a/f'},
                 'states': [{'directory': 'file:/runs/a/i'}, {'uri': 'file:/runs/ab/m'}, {'uri': ''}],
                 'base': {'path': 'file:/runs/a/model', 'seed': 9007199254740993}, 'loss': 0.1}""");

        assertThat(here.fromWritten(here.toWritten(value))).isEqualTo(value);
        assertThat(there.fromWritten(here.toWritten(value))).isEqualTo(json("""
                {'round': 3, 'mask': {'uri': 'file:/other/b/artefacts/m', 'fingerprint': 'file:/runs/a/f'},
                 'states': [{'directory': 'file:/other/b/i'}, {'uri': 'file:/runs/ab/m'}, {'uri': ''}],
                 'base': {'path': 'file:/runs/a/model', 'seed': 9007199254740993}, 'loss': 0.1}"""));
    }

    @Test
    void placesThatWereWrittenInFullStay() throws JsonProcessingException {
        JsonNode old = json("{'uri': 'hdfs://name/runs/a/m'}");
        assertThat(there.fromWritten(old)).isEqualTo(old);
    }
}
