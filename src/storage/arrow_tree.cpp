#include "storage/arrow_tree.hpp"

#include <nanoarrow/nanoarrow.h>
#include <bit>
#include <cstdlib>

namespace wheatstone::storage {
namespace {

constexpr std::int64_t k_no_offsets[1] = {0};

/// What an exported schema keeps alive, its strings and children.
struct SchemaHold {
  std::string format;
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

struct ArrayHold {
  std::shared_ptr<const void> owner;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

template <class C, class Hold>
void release(C* self) {
  auto* hold = static_cast<Hold*>(self->private_data);
  // A consumer may have moved children out; what is left is released here.
  for (C& child : hold->children) {
    if (child.release != nullptr) child.release(&child);
  }
  delete hold;
  self->release = nullptr;
}

void add_number(std::string& out, std::size_t number) {
  const auto n = static_cast<std::int32_t>(number);
  out.append(reinterpret_cast<const char*>(&n), sizeof n);
}

std::string encoded(const Metadata& metadata) {
  std::string out;
  if (metadata.empty()) return out;
  add_number(out, metadata.size());
  for (const auto& [key, value] : metadata) {
    add_number(out, key.size());
    out += key;
    add_number(out, value.size());
    out += value;
  }
  return out;
}

std::shared_ptr<const void> zeros(std::size_t size) {
  auto memory = std::make_shared<std::vector<std::uint64_t>>(size / 8 + 1);
  return {memory, memory->data()};
}

}  // namespace

void give(const SchemaTree& tree, ArrowSchema* out) {
  auto hold = std::make_unique<SchemaHold>();
  hold->format = tree.format;
  hold->name = tree.name;
  hold->metadata = encoded(tree.metadata);
  hold->children.resize(tree.children.size());
  for (std::size_t i = 0; i < tree.children.size(); ++i) {
    give(tree.children[i], &hold->children[i]);
    hold->pointers.push_back(&hold->children[i]);
  }
  *out = ArrowSchema{};
  out->format = hold->format.c_str();
  out->name = hold->name.c_str();
  out->metadata = hold->metadata.empty() ? nullptr : hold->metadata.data();
  out->flags = ARROW_FLAG_NULLABLE;
  out->n_children = static_cast<std::int64_t>(hold->children.size());
  out->children = hold->pointers.data();
  out->release = &release<ArrowSchema, SchemaHold>;
  out->private_data = hold.release();
}

void give(ArrayTree tree, ArrowArray* out) {
  auto hold = std::make_unique<ArrayHold>();
  hold->owner = std::move(tree.owner);
  hold->buffers = std::move(tree.buffers);
  hold->children.resize(tree.children.size());
  for (std::size_t i = 0; i < tree.children.size(); ++i) {
    give(std::move(tree.children[i]), &hold->children[i]);
    hold->pointers.push_back(&hold->children[i]);
  }
  *out = ArrowArray{};
  out->length = tree.length;
  out->null_count = tree.null_count;
  out->n_buffers = static_cast<std::int64_t>(hold->buffers.size());
  out->buffers = hold->buffers.data();
  out->n_children = static_cast<std::int64_t>(hold->children.size());
  out->children = hold->pointers.data();
  out->release = &release<ArrowArray, ArrayHold>;
  out->private_data = hold.release();
}

std::int64_t count_nulls(const Node& node, std::int64_t rows) {
  if (node.validity == nullptr) return 0;
  std::int64_t valid = 0;
  for (std::int64_t byte = 0; byte < rows / 8; ++byte) valid += std::popcount(node.validity[byte]);
  for (std::int64_t row = rows / 8 * 8; row < rows; ++row) valid += node.valid(row) ? 1 : 0;
  return rows - valid;
}

SchemaTree schema_of(const Type& type, std::string name) {
  SchemaTree tree{std::string(format_of(type.physical)), std::move(name)};
  for (const Field& child : type.children) tree.children.push_back(schema_of(child.type, child.name));
  return tree;
}

ArrayTree array_of(const Node& node, std::int64_t length, const std::shared_ptr<const void>& owner) {
  ArrayTree tree;
  tree.length = length;
  tree.owner = owner;
  if (node.physical == Physical::none) {
    tree.null_count = length;
    return tree;
  }
  tree.null_count = count_nulls(node, length);
  tree.buffers.push_back(tree.null_count != 0 ? node.validity : nullptr);
  std::int64_t below = length;
  if (has_offsets(node.physical)) {
    tree.buffers.push_back(node.offsets != nullptr ? node.offsets : k_no_offsets);
    below = node.offsets != nullptr ? node.offsets[length] : 0;
    if (node.physical != Physical::list) tree.buffers.push_back(node.data);
  } else if (node.physical == Physical::pair) {
    below = 2 * length;
  } else if (node.physical != Physical::record) {
    tree.buffers.push_back(node.data);
  }
  for (const Node& child : node.children) tree.children.push_back(array_of(child, below, owner));
  return tree;
}

ArrayTree nulls_of(const Type& type, std::int64_t length) {
  ArrayTree tree;
  tree.length = length;
  tree.null_count = length;
  if (type.physical == Physical::none) return tree;
  const auto n = static_cast<std::size_t>(length);
  const auto memory = zeros((n + 1) * 16);  // enough for the widest: offsets or values, and validity
  tree.owner = memory;
  tree.buffers.push_back(memory.get());
  std::int64_t below = length;
  if (has_offsets(type.physical)) {
    tree.buffers.push_back(memory.get());
    if (type.physical != Physical::list) tree.buffers.push_back(memory.get());
    below = 0;
  } else if (type.physical == Physical::pair) {
    below = 2 * length;
  } else if (type.physical != Physical::record) {
    tree.buffers.push_back(memory.get());
  }
  for (const Field& child : type.children) tree.children.push_back(nulls_of(child.type, below));
  return tree;
}

ArrayTree batch_of(std::vector<ArrayTree> columns, std::int64_t rows) {
  ArrayTree tree;
  tree.length = rows;
  tree.buffers.push_back(nullptr);
  tree.children = std::move(columns);
  return tree;
}

}  // namespace wheatstone::storage
