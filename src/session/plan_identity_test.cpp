#include "session/plan_identity.hpp"

#include <gtest/gtest.h>

#include <set>
#include <wheatstone/series.hpp>

#include "base/sha256.hpp"
#include "session/fake_run.hpp"
#include "session/run_document.hpp"

namespace wheatstone::session {
namespace {

/// A request of two parameters that a test changes in one respect.
struct FakePlan : FakeRun {
  FakePlan() {
    vary("v", {1, 2, 3}, {.unit = "V"});
    vary("i", {0.5, 1});
    acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
    request.details["instruments"].push_back(
        io::Document::object({{"alias", "psu"}, {"profile", "keysight/EDU36311A"}}));
  }
  [[nodiscard]] io::Document document() const { return run_document(request); }
  [[nodiscard]] std::string id() const { return plan_id(request.name, document()); }
};

using Change = std::function<void(RunRequest&)>;

std::string difference_of(const Change& change) {
  FakePlan stored;
  FakePlan present;
  change(present.request);
  EXPECT_NE(stored.id(), present.id());
  // As it comes back from the file.
  const std::vector<std::string> sentences =
      plan_difference(io::Document::parse(stored.document().dump()), present.document());
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

TEST(PlanIdentity, is_the_same_for_the_same_plan) {
  FakePlan one;
  FakePlan other;
  EXPECT_EQ(one.id(), other.id());
  EXPECT_EQ(one.id().size(), 64u);
  EXPECT_TRUE(plan_difference(one.document(), other.document()).empty());
  EXPECT_EQ(one.document().text({"plan", "id"}), one.id());
  other.request.options.durability = RowDurability::row;
  other.request.description = "another day";
  EXPECT_EQ(one.id(), other.id()) << "what does not move points may change";
}

TEST(PlanIdentity, tells_in_a_sentence_what_differs) {
  EXPECT_EQ(difference_of(
                [](RunRequest& r) { r.parameters[1].values = detail::listed_values<double>(std::vector{0.5, 1.5}); }),
            "value 1 of parameter 'i' was 1.0 and is 1.5");
  EXPECT_EQ(difference_of([](RunRequest& r) { r.parameters[1].values = linspace(0.5, 1, 3).values(); }),
            "value 1 of parameter 'i' was 1.0 and is 0.75");
  EXPECT_EQ(
      difference_of([](RunRequest& r) { r.parameters[1].values = detail::listed_values<double>(std::vector{0.5}); }),
      "parameter 'i' had 2 values and has 1 value");
  EXPECT_EQ(difference_of([](RunRequest& r) { r.parameters[0].options.unit = "mV"; }),
            "the unit of parameter 'v' was 'V' and is 'mV'");
  EXPECT_EQ(difference_of([](RunRequest& r) { std::swap(r.parameters[0], r.parameters[1]); }),
            "the parameters were 'v' and 'i' and are 'i' and 'v'");
  EXPECT_EQ(difference_of([](RunRequest& r) { r.options.order = Order::snake; }),
            "the order was 'grid' and is 'snake'");
  EXPECT_EQ(difference_of([](RunRequest& r) { r.options.repeat = 2; }), "the repeat was none and is 2");
  EXPECT_EQ(difference_of([](RunRequest& r) { r.constraints.push_back({"power", {}}); }),
            "the constraints were none and are 'power'");
  EXPECT_EQ(difference_of([](RunRequest& r) { r.acquisitions.clear(); }), "the acquisitions were 'm' and are none");
  EXPECT_EQ(
      difference_of([](RunRequest& r) {
        r.details["instruments"] = io::Document::array();
        r.details["instruments"].push_back(io::Document::object({{"alias", "psu"}, {"profile", "keysight/E36313A"}}));
      }),
      "instrument 'psu' was a keysight/EDU36311A and is a keysight/E36313A");
}

TEST(PlanIdentity, knows_values_by_their_bits) {
  const auto digest = [](std::vector<double> values) { return values_digest(*detail::listed_values<double>(values)); };
  std::set<std::string> digests = {digest({0.0}), digest({-0.0}), digest({0.1 + 0.2}), digest({0.3}), digest({0, 0})};
  EXPECT_EQ(digests.size(), 5u);
  EXPECT_EQ(digest({0, 0.5, 1}), values_digest(*linspace(0, 1, 3).values())) << "a rule is as good as its values";
  EXPECT_NE(values_digest(*linspace(0, 1, 1'000'000'000).values()), "");
  EXPECT_EQ(values_digest(detail::OpenValues<double>()), "");
}

// Stored runs hold these digests: a change of them would keep those from being gone on with.
TEST(PlanIdentity, has_digests_that_stay) {
  EXPECT_EQ(values_digest(*detail::listed_values<double>(std::vector{0.5, -1.0})),
            base::sha256(std::string("float64\0\0\0\0\0\0\xe0\x3f"
                                     "float64\0\0\0\0\0\0\xf0\xbf",
                                     30)));
  EXPECT_EQ(values_digest(*detail::listed_values<std::int64_t>(std::vector<std::int64_t>{258})),
            base::sha256(std::string("int64\x02\x01\0\0\0\0\0\0", 13)));
}

TEST(PlanIdentity, tells_other_points) {
  EXPECT_NE(points_digest({.names = {"v"}, .points = {{1.0}}}), points_digest({.names = {"v"}, .points = {{2.0}}}));
  EXPECT_NE(points_digest({.names = {"v"}, .points = {{1.0}}}), points_digest({.names = {"v"}, .points = {{1}}}));
}

}  // namespace
}  // namespace wheatstone::session
