#pragma once
// Which plan a run follows: whether another run may go on with it.

#include <string>
#include <vector>
#include <wheatstone/order.hpp>
#include <wheatstone/parameter.hpp>

#include "io/document.hpp"

namespace wheatstone::session {

/// SHA-256 of the values by their kinds and bits; of a rule alone where that makes more than a million of them. Empty
/// for values that are not known beforehand.
[[nodiscard]] std::string values_digest(const ParameterValues& values);
[[nodiscard]] std::string points_digest(const PointList& points);

/// The plan's id: SHA-256 over what has to stay for a run to go on. That is, of run.json's document: the session's
/// name; parameters with units, and their values' digests; kind, order, order_seed, repeat, constraints and the
/// adaptive plan's description; acquisitions' names; instruments' aliases and models.
[[nodiscard]] std::string plan_id(const std::string& name, const io::Document& run);

/// In sentences, what of that differs between the document of a stored run and the present one; empty where nothing
/// does. Values are compared one by one as far as run.json keeps them.
[[nodiscard]] std::vector<std::string> plan_difference(const io::Document& stored, const io::Document& present);

}  // namespace wheatstone::session
