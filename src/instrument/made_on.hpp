#pragma once
// What was turned on through one connection, so that exactly that can be turned off.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace wheatstone::instrument {

/// Switches by quantity ("output", "input", "short", "generator_output") and channel. Guarded by the instrument's lock.
class MadeOn {
 public:
  void note(std::string_view quantity, int channel, bool on) {
    const auto place = std::find_if(switches_.begin(), switches_.end(),
                                    [&](const Switch& s) { return s.channel == channel && s.quantity == quantity; });
    if (on && place == switches_.end()) switches_.push_back({std::string(quantity), channel});
    if (!on && place != switches_.end()) switches_.erase(place);
  }
  void clear() { switches_.clear(); }

  [[nodiscard]] bool empty() const { return switches_.empty(); }
  /// Ascending.
  [[nodiscard]] std::vector<int> channels(std::string_view quantity) const {
    std::vector<int> found;
    for (const Switch& s : switches_) {
      if (s.quantity == quantity) found.push_back(s.channel);
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  [[nodiscard]] static bool is_switch(std::string_view quantity) {
    return quantity == "output" || quantity == "input" || quantity == "short" || quantity == "generator_output";
  }

 private:
  struct Switch {
    std::string quantity;
    int channel;
  };
  std::vector<Switch> switches_;
};

}  // namespace wheatstone::instrument
