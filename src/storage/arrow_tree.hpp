#pragma once
// Schemas and arrays for the Arrow C data interface, as trees that own what they point at.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/node.hpp"

struct ArrowSchema;
struct ArrowArray;

namespace wheatstone::storage {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct SchemaTree {
  std::string format;
  std::string name = {};
  Metadata metadata = {};
  std::vector<SchemaTree> children = {};
};

struct ArrayTree {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<const void*> buffers = {};
  std::vector<ArrayTree> children = {};
  std::shared_ptr<const void> owner = {};
};

/// `out` becomes the consumer's, to be released by it.
void give(const SchemaTree& tree, ArrowSchema* out);
void give(ArrayTree tree, ArrowArray* out);

[[nodiscard]] std::int64_t count_nulls(const Node& node, std::int64_t rows);

[[nodiscard]] SchemaTree schema_of(const Type& type, std::string name);
/// The first `length` values of a node, without a copy.
[[nodiscard]] ArrayTree array_of(const Node& node, std::int64_t length, const std::shared_ptr<const void>& owner);
/// `length` nulls.
[[nodiscard]] ArrayTree nulls_of(const Type& type, std::int64_t length);
/// A struct of these columns: a batch of a table.
[[nodiscard]] ArrayTree batch_of(std::vector<ArrayTree> columns, std::int64_t rows);

}  // namespace wheatstone::storage
