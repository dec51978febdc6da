// Launches of all kernels, by kind.
#pragma once

#include <functional>

#include "case.h"

using Run = std::function<void(Case&)>;

void element_cases(Layout layout, int rows, int columns, const Run& run);
void row_cases(Layout layout, int rows, int columns, const Run& run);
void index_cases(Layout layout, int rows, int columns, const Run& run);
void product_cases(Layout layout, int rows, int columns, const Run& run);
void attention_cases(Layout layout, int head_size, bool causal, bool dropout, const Run& run);
