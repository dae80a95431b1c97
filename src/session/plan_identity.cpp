#include "session/plan_identity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "plan/text.hpp"

namespace wheatstone::session {
namespace {

constexpr std::size_t k_most_hashed = 1'000'000;  // values that are hashed one by one though they have a rule

// Members of the plan's document that have to stay, in the words of differences.
constexpr std::array<std::string_view, 8> k_plan_members = {"kind",     "order",       "order_seed",    "repeat",
                                                            "adaptive", "constraints", "points_sha256", "procedure"};

/// The name of a kind and the bits of a number, at once: there may be a million of them.
void add_number(base::Sha256& hash, std::string_view kind, std::uint64_t bits) {
  std::array<char, 16> bytes;
  std::memcpy(bytes.data(), kind.data(), kind.size());
  for (std::size_t k = 0; k < sizeof bits; ++k) bytes[kind.size() + k] = static_cast<char>(bits >> (8 * k));
  hash.add(std::string_view(bytes.data(), kind.size() + sizeof bits));
}

void add_value(base::Sha256& hash, const Value& value) {
  if (const double* d = value.get_if<double>()) return add_number(hash, "float64", std::bit_cast<std::uint64_t>(*d));
  if (const std::int64_t* i = value.get_if<std::int64_t>()) {
    return add_number(hash, "int64", static_cast<std::uint64_t>(*i));
  }
  hash.add(std::string_view(name_of(value.kind())));
  const auto add_bits = [&](std::uint64_t bits) {
    std::array<char, 8> bytes;
    for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<char>(bits >> (8 * k));
    hash.add(std::string_view(bytes.data(), bytes.size()));
  };
  if (const Time* time = value.get_if<Time>()) {
    add_bits(static_cast<std::uint64_t>(time->nanoseconds));
  } else if (const auto* z = value.get_if<std::complex<double>>()) {
    add_bits(std::bit_cast<std::uint64_t>(z->real()));
    add_bits(std::bit_cast<std::uint64_t>(z->imag()));
  } else {
    const std::string text = plan::text_of(value);
    add_bits(text.size());
    hash.add(text);
  }
}

/// What identifies one instrument.
std::string model_of(const io::Document& instrument) {
  const std::string profile = instrument.text({"profile"});
  return profile.empty() ? instrument.text({"attached"}) : profile;
}

/// A member of the plan's document, as sentences call it.
std::string words_of(std::string_view key) {
  if (key == "kind") return "the kind of run";
  if (key == "adaptive") return "the adaptive plan";
  return fmt::format("the {}", key);
}

/// A member in words: texts quoted, lists as "'a' and 'b'".
std::string told(const io::Document* member) {
  if (member == nullptr) return "none";
  if (const auto* text = member->get_if<std::string>()) return fmt::format("'{}'", *text);
  if (!member->is_array()) return member->dump();
  std::vector<std::string> names;
  for (const io::Document& item : member->items()) names.push_back(*item.get_if<std::string>());
  return names.empty() ? "none" : base::listed(names, "and");
}

void compare_member(const std::string& words, const io::Document* stored, const io::Document* present,
                    std::vector<std::string>& sentences) {
  const std::string was = told(stored);
  const std::string is = told(present);
  if (was == is) return;
  const bool are_many = words.ends_with('s');
  sentences.push_back(
      fmt::format("{} {} {} and {} {}", words, are_many ? "were" : "was", was, are_many ? "are" : "is", is));
}

std::string text_of_member(const io::Document& document, std::string_view key) {
  const io::Document* member = document.find(key);
  return member == nullptr ? "" : member->dump();
}

const io::Document& part(const io::Document& run, std::string_view key) {
  static const io::Document k_nothing = io::Document::array();
  const io::Document* found = run.find(key);
  return found == nullptr ? k_nothing : *found;
}

std::string values_are(const io::Document& parameter) {
  const std::string digest = parameter.text({"values_sha256"});
  return digest.empty() ? parameter.text({"values_are"}) : digest;
}

/// Where two lists of values part, in words.
std::string values_difference(const io::Document& stored, const io::Document& present) {
  const io::Document& before = part(stored, "values");
  const io::Document& now = part(present, "values");
  const std::string name = stored.text({"name"});
  const std::size_t both = std::min(before.items().size(), now.items().size());
  for (std::size_t i = 0; i < both; ++i) {
    const std::string was = before.items()[i].dump();
    const std::string is = now.items()[i].dump();
    if (was != is) return fmt::format("value {} of parameter '{}' was {} and is {}", i, name, was, is);
  }
  const std::string count_was = text_of_member(stored, "count");
  const std::string count_is = text_of_member(present, "count");
  if (count_was != count_is) {
    const auto counted = [](const io::Document& parameter, const std::string& count) {
      const std::string how_many = count.empty() ? parameter.text({"values_are"}) : count;
      return fmt::format("{} value{}", how_many, how_many == "1" ? "" : "s");
    };
    return fmt::format("parameter '{}' had {} and has {}", name, counted(stored, count_was),
                       counted(present, count_is));
  }
  return fmt::format("the values of parameter '{}' are others", name);
}

void compare_parameters(const io::Document& stored, const io::Document& present, std::vector<std::string>& sentences) {
  const auto names = [](const io::Document& list) {
    std::vector<std::string> found;
    for (const io::Document& parameter : list.items()) found.push_back(parameter.text({"name"}));
    return found;
  };
  const std::vector<std::string> before = names(stored);
  const std::vector<std::string> now = names(present);
  if (before != now) {
    const auto in_words = [](const std::vector<std::string>& list) {
      return list.empty() ? std::string("none") : base::listed(list, "and");
    };
    sentences.push_back(fmt::format("the parameters were {} and are {}", in_words(before), in_words(now)));
    return;
  }
  for (std::size_t k = 0; k < before.size(); ++k) {
    const io::Document& a = stored.items()[k];
    const io::Document& b = present.items()[k];
    if (a.text({"unit"}) != b.text({"unit"})) {
      sentences.push_back(fmt::format("the unit of parameter '{}' was '{}' and is '{}'", before[k], a.text({"unit"}),
                                      b.text({"unit"})));
    }
    if (values_are(a) != values_are(b)) sentences.push_back(values_difference(a, b));
  }
}

/// The grid of slots has to stay, though a timed run may be gone on with for longer. No part of the id, so that runs of
/// earlier builds keep theirs.
void compare_grids(const io::Document& stored, const io::Document& present, std::vector<std::string>& sentences) {
  if (stored.text({"kind"}) != "timed" || present.text({"kind"}) != "timed") return;
  const auto interval_in = [](const io::Document& plan) {
    const io::Document* const member = plan.find("interval_s");
    const auto* const seconds = member == nullptr ? nullptr : member->get_if<double>();
    return seconds == nullptr ? Duration() : Duration::from_seconds(*seconds);
  };
  const Duration was = interval_in(stored);
  const Duration is = interval_in(present);
  if (was != is) {
    sentences.push_back(fmt::format("the interval was {:.9g} s and is {:.9g} s", was.seconds(), is.seconds()));
  }
  compare_member(words_of("cycle"), stored.find("cycle"), present.find("cycle"), sentences);
}

void compare_plans(const io::Document& stored, const io::Document& present, std::vector<std::string>& sentences) {
  for (const std::string_view key : k_plan_members) {
    const std::string was = text_of_member(stored, key);
    const std::string is = text_of_member(present, key);
    if (was == is) continue;
    if (key == "points_sha256") {
      sentences.push_back("the points of the order are others");
      continue;
    }
    if (key == "procedure") {
      sentences.push_back("what the procedure sets, reads or does was another");
      continue;
    }
    compare_member(words_of(key), stored.find(key), present.find(key), sentences);
  }
  compare_grids(stored, present, sentences);
}

void compare_instruments(const io::Document& stored, const io::Document& present, std::vector<std::string>& sentences) {
  std::map<std::string, std::string> before;
  std::map<std::string, std::string> now;
  for (const io::Document& each : stored.items()) before[each.text({"alias"})] = model_of(each);
  for (const io::Document& each : present.items()) now[each.text({"alias"})] = model_of(each);
  for (const auto& [alias, model] : before) {
    const auto found = now.find(alias);
    if (found == now.end()) {
      sentences.push_back(fmt::format("instrument '{}' ({}) is not there any more", alias, model));
    } else if (found->second != model) {
      sentences.push_back(fmt::format("instrument '{}' was a {} and is a {}", alias, model, found->second));
    }
  }
  for (const auto& [alias, model] : now) {
    if (!before.contains(alias)) sentences.push_back(fmt::format("instrument '{}' ({}) is new", alias, model));
  }
}

}  // namespace

std::string values_digest(const ParameterValues& values) {
  if (values.form() != ParameterValues::Form::listed) return "";
  const std::string rule = values.rule();
  if (!rule.empty() && values.size() > k_most_hashed) return base::sha256(rule);
  base::Sha256 hash;
  Value value;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values.get(i, value);
    add_value(hash, value);
  }
  return hash.digest();
}

std::string points_digest(const PointList& points) {
  base::Sha256 hash;
  for (const std::string& name : points.names) hash.add(name + "\n");
  for (const std::vector<Value>& point : points.points) {
    for (const Value& value : point) add_value(hash, value);
  }
  return hash.digest();
}

std::string plan_id(const std::string& name, const io::Document& run) {
  io::Document kept = io::Document::object({{"name", name}});
  for (const io::Document& parameter : part(run, "parameters").items()) {
    kept["parameters"].push_back(io::Document::object(
        {{"name", parameter.text({"name"})}, {"unit", parameter.text({"unit"})}, {"values", values_are(parameter)}}));
  }
  for (const std::string_view key : k_plan_members) {
    if (const io::Document* member = part(run, "plan").find(key)) kept["plan"][key] = *member;
  }
  kept["acquisitions"] = part(run, "acquisitions");
  for (const io::Document& instrument : part(run, "instruments").items()) {
    kept["instruments"].push_back(
        io::Document::object({{"alias", instrument.text({"alias"})}, {"model", model_of(instrument)}}));
  }
  return base::sha256(kept.dump());
}

std::vector<std::string> plan_difference(const io::Document& stored, const io::Document& present) {
  std::vector<std::string> sentences;
  compare_parameters(part(stored, "parameters"), part(present, "parameters"), sentences);
  compare_plans(part(stored, "plan"), part(present, "plan"), sentences);
  compare_member("the acquisitions", stored.find("acquisitions"), present.find("acquisitions"), sentences);
  compare_instruments(part(stored, "instruments"), part(present, "instruments"), sentences);
  return sentences;
}

}  // namespace wheatstone::session
