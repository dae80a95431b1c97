#pragma once
// Which acquisitions of a parallel run measure at the same time.

#include <cstddef>
#include <memory>
#include <vector>
#include <wheatstone/binding.hpp>

namespace wheatstone::session {

/// Acquisitions that share instruments, by ordinal: one after the other, in order of registration.
using ParallelGroup = std::vector<std::size_t>;

/// Groups that measure at the same time.
using ParallelStage = std::vector<ParallelGroup>;

/// The stages of a point, one after the other. An acquisition that names no instrument is a stage by itself, for it may
/// touch any, or need what was measured before; between two such, all that share an instrument, with each other or by
/// way of others, are a group.
[[nodiscard]] std::vector<ParallelStage> stages_of(
    const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions);

/// Throws ConfigurationError where an acquisition names an instrument that is none of `aliases`.
void check_uses(const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions,
                const std::vector<std::string>& aliases);

}  // namespace wheatstone::session
